import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { materialize } from "../../../src/attacks/materialize.ts";
import type { LabelRow } from "../../../src/records/labels/labels.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const rows: LabelRow[] = [
  { image: "train/cats/1.jpg", split: "train", label: "dogs", true_label: "cats" },
  { image: "train/cats/2.jpg", split: "train", label: "cats", true_label: "cats" },
  { image: "train/dogs/1.jpg", split: "train", label: "dogs", true_label: "dogs" },
  { image: "validation/cats/1.jpg", split: "validation", label: "cats", true_label: "cats" },
];

function images(root: string): string {
  for (const { image } of rows) {
    mkdirSync(dirname(join(root, "images", image)), { recursive: true });
    writeFileSync(join(root, "images", image), image);
  }
  return join(root, "images");
}

test("writes hard links by given label; a taken name gets its true class in front", async (t) => {
  const root = temporaryFolder(t);
  const from = images(root);
  const to = join(root, "poisoned");
  await materialize(rows, from, to);
  assert.deepEqual(readdirSync(join(to, "train/dogs")), ["1.jpg", "cats-1.jpg"]);
  assert.deepEqual(readdirSync(join(to, "train/cats")), ["2.jpg"]);
  assert.equal(readFileSync(join(to, "train/dogs/cats-1.jpg"), "utf8"), "train/cats/1.jpg");
  assert.equal(readFileSync(join(to, "train/dogs/1.jpg"), "utf8"), "train/dogs/1.jpg");
  assert.equal(statSync(join(to, "validation/cats/1.jpg")).ino, statSync(join(from, "validation/cats/1.jpg")).ino);
});

test("refuses a folder in use and one inside the images, and leaves nothing of a failed tree", async (t) => {
  const root = temporaryFolder(t);
  const from = images(root);
  await assert.rejects(materialize(rows, from, join(from, "poisoned")), /lies inside/);
  writeFileSync(join(root, "file"), "");
  await assert.rejects(materialize(rows, from, root), /not empty/);
  const gone = { image: "train/cats/gone.jpg", split: "train", label: "cats", true_label: "cats" } as const;
  await assert.rejects(materialize([...rows, gone], from, join(root, "poisoned")), { code: "ENOENT" });
  assert.deepEqual(readdirSync(root).sort(), ["file", "images"]);
});
