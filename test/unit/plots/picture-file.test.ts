import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pictureFile } from "../../../src/plots/picture-file.ts";
import { StageError } from "../../../src/runtime/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const picture = {
  width: 1,
  height: 1,
  png: () => Buffer.from("png"),
  jpeg: () => Buffer.from("jpeg"),
  svg: async () => "svg",
};

test("the extension is the format, in any case; a file that is there is replaced, and nothing else is left", async (t) => {
  const folder = temporaryFolder(t);
  const formats = { "a.png": "png", "b.jpg": "jpeg", "poison_7.5_percent_metrics.JPEG": "jpeg", "d.svg": "svg" };
  writeFileSync(join(folder, "a.png"), "a longer text than before");
  for (const [name, content] of Object.entries(formats)) {
    await (await pictureFile(join(folder, name))).write(picture);
    assert.equal(readFileSync(join(folder, name), "utf8"), content);
  }
  assert.deepEqual(readdirSync(folder).sort(), Object.keys(formats).sort());
});

test("a picture that cannot be encoded leaves the file that was there", async (t) => {
  const file = join(temporaryFolder(t), "a.png");
  writeFileSync(file, "old");
  const broken = {
    ...picture,
    png: () => {
      throw new Error("no memory");
    },
  };
  await assert.rejects((await pictureFile(file)).write(broken), /no memory/);
  assert.equal(readFileSync(file, "utf8"), "old");
});

test("an unknown extension, a missing folder and the name of a folder are refused before anything is drawn", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "folder.png"));
  const cases: [string, RegExp][] = [
    ["metrics.gif", /^--output .*metrics\.gif: the extension is "\.gif"; it must be \.png, \.jpg, \.jpeg, \.svg\.$/],
    ["metrics", /^--output .*metrics: the extension is ""; it must be/],
    ["none/metrics.png", /^--output .*metrics\.png: there is no folder .*none\.$/],
    ["folder.png", /^--output .*folder\.png: this is a folder\.$/],
  ];
  for (const [name, message] of cases) {
    await assert.rejects(pictureFile(join(folder, name)), (error: unknown) => {
      assert.ok(error instanceof StageError, `${error}`);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.deepEqual(readdirSync(folder), ["folder.png"]);
});
