import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findImages } from "../../../../src/commands/predict/find-images.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("a folder is all images in it, in natural order; hidden ones and other files are passed over", async (t) => {
  const folder = temporaryFolder(t);
  for (const sub of ["b", "b/.git", "a"]) mkdirSync(join(folder, sub));
  for (const file of ["b/img10.jpg", "b/img9.PNG", "a/x.webp", "b/.hidden.jpg", "b/.git/x.jpg", "a/notes.txt"])
    writeFileSync(join(folder, file), "");
  const file = join(folder, "a/notes.txt");
  const found = ["a/x.webp", "b/img9.PNG", "b/img10.jpg"].map((name) => join(folder, name));
  assert.deepEqual(await findImages([file, folder]), [file, ...found]);
  mkdirSync(join(folder, "empty"));
  await assert.rejects(findImages([join(folder, "empty")]), {
    message: `${join(folder, "empty")}: found no image in it.`,
  });
});
