import assert from "node:assert/strict";
import { test } from "node:test";
import { placeImages } from "../../../src/restore/place-images.ts";
import { type DataParams, takeFirst } from "../../../src/restore/take-first.ts";
import { catsAndDogs, write } from "../../support/image-fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const DATA = {
  source: "path:pets",
  table: "none",
  validation_share: 0.2,
  damaged: "stop" as const,
  train_per_class: 3,
  validation_per_class: 2,
};
const text = (files: object) => Object.fromEntries(Object.keys(files).map((path) => [path, ""])); // contents do not matter here

/** Layout, listing and choice, as the stage does them. */
async function choose(folder: string, data: DataParams = DATA): Promise<string[]> {
  const { images } = await placeImages({ folder, shown: "pets" }, data);
  return takeFirst(images, data, "pets").map(({ image }) => image);
}

test("takes the first of each class in natural order, or all", async (t) => {
  const folder = temporaryFolder(t);
  await write(folder, text(catsAndDogs(11, 2)));
  const some = await choose(folder);
  assert.deepEqual(some.slice(0, 4), [
    "train/cats/cat.1.jpg",
    "train/cats/cat.2.jpg",
    "train/cats/cat.3.jpg",
    "train/dogs/dog.1.jpg",
  ]);
  assert.equal(some.length, 10);
  assert.equal((await choose(folder, { ...DATA, train_per_class: "all" })).length, 26);
});

test("passes over single folders around the splits and what is hidden or no image", async (t) => {
  const folder = temporaryFolder(t);
  const inside = {
    ...text(catsAndDogs()),
    "train/.cache/x.jpg": "",
    "train/cats/.x.jpg": "",
    "train/cats/Thumbs.db": "",
  };
  await write(
    folder,
    Object.fromEntries(Object.entries(inside).map(([path, content]) => [`pets/data/${path}`, content])),
  );
  await write(folder, { "__MACOSX/x": "", ".DS_Store": "", "README.md": "" });
  assert.equal((await choose(folder)).length, 10);
});

const BAD: [what: string, files: object, message: RegExp][] = [
  [
    "no training",
    { "validation/cats/a.jpg": 1, "valid_old/cats/a.jpg": 1 },
    /^pets: found no folder train; the folders there are valid_old, validation\.$/,
  ],
  [
    "two folders for one split",
    { "train/cats/a.jpg": 1, "val/cats/a.jpg": 1, "valid/cats/a.jpg": 1 },
    /^pets: "val" and "valid" are both for validation\.$/,
  ],
  [
    "an empty split",
    { "train/cats/a.jpg": 1, "train/dogs/a.jpg": 1, "valid/x.txt": 1 },
    /^pets\/valid: holds no image\.$/,
  ],
  [
    "one class",
    { "train/cats/a.jpg": 1, "validation/cats/b.jpg": 2 },
    /^pets\/train: found one class, "cats"; two or more are needed\.$/,
  ],
  ["no class", { "train/a.jpg": 1, "validation/b.jpg": 2 }, /^pets\/train: found no class; two or more are needed\.$/],
  [
    "an empty class",
    { ...catsAndDogs(), "train/mice/notes.txt": 1 },
    /^pets\/train\/mice: the class "mice" has no image\.$/,
  ],
  [
    "other classes",
    { ...catsAndDogs(), "train/mice/a.jpg": 9 },
    /^pets: the classes differ: train has cats, dogs, mice; validation has cats, dogs\.$/,
  ],
  ["too few", catsAndDogs(2, 2), /^params\.yaml: data\.train_per_class is 3, but pets\/train\/cats has 2 images\.$/],
  [
    "too few to validate",
    catsAndDogs(3, 1),
    /^params\.yaml: data\.validation_per_class is 2, but pets\/validation\/cats has 1 image\.$/,
  ],
  [
    "a line break",
    { ...catsAndDogs(), "train/cats/a\nb.jpg": 9 },
    /^pets: the name "train\/cats\/a\\nb\.jpg" holds a control character\.$/,
  ],
  [
    "a backslash",
    { ...catsAndDogs(), "train/cats/a\\b.jpg": 9 },
    /^pets: the name "train\/cats\/a\\\\b\.jpg" holds a backslash\.$/,
  ],
  [
    "one name in two cases",
    { ...catsAndDogs(), "train/cats/Cat.1.jpg": 9 },
    /^pets: train\/cats\/Cat\.1\.jpg and train\/cats\/cat\.1\.jpg differ only in upper and lower case/,
  ],
  [
    "one name in two encodings",
    { ...catsAndDogs(), "train/cats/a\u0308.jpg": 9, "train/cats/\u00e4.jpg": 10 },
    /differ only in upper and lower case or in how an accent is encoded/,
  ],
  [
    "one class in two cases",
    { ...catsAndDogs(), "train/Cats/a.jpg": 9, "validation/Cats/b.jpg": 10 },
    /train\/Cats and train\/cats differ only/,
  ],
];

for (const [what, files, message] of BAD) {
  test(`refused with a reason and a remedy: ${what}`, async (t) => {
    const folder = temporaryFolder(t);
    await write(folder, text(files));
    const data =
      what === "one class in two cases" || what.startsWith("one name") || what.startsWith("a ") ? "all" : undefined;
    await assert.rejects(
      choose(folder, data ? { ...DATA, train_per_class: data, validation_per_class: data } : DATA),
      (error: Error & { hint?: string }) => {
        assert.match(error.message, message);
        assert.equal(error.name, "StageError");
        assert.ok(error.hint);
        return true;
      },
    );
  });
}
