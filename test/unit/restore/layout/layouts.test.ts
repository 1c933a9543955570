import assert from "node:assert/strict";
import { test } from "node:test";
import { placeImages } from "../../../../src/restore/place-images.ts";
import { image, write } from "../../../support/image-fixtures.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const DATA = {
  source: "path:pets",
  table: "none",
  validation_share: 0.25,
  damaged: "stop" as const,
  train_per_class: "all" as const,
  validation_per_class: "all" as const,
};

/** Files of these names, each different. */
const files = (...paths: string[]) => Object.fromEntries(paths.map((path, i) => [path, `\xff\xd8\xff ${i}`]));
const numbered = (pattern: string, count: number, from = 0) =>
  Array.from({ length: count }, (_, i) => pattern.replace("#", String(from + i)));

type Content = Parameters<typeof write>[1];

/** The data set's images, each `image < file` where it lies elsewhere, and what is said. */
async function place(t: Parameters<typeof temporaryFolder>[0], content: Content, data: Partial<typeof DATA> = {}) {
  const folder = temporaryFolder(t);
  await write(folder, content);
  const { images, notes } = await placeImages({ folder, shown: "pets" }, { ...DATA, ...data });
  return { images: images.map(({ image, file }) => (image === file ? image : `${image} < ${file}`)), notes };
}

const TRAIN_AND_TEST = [
  "train/cats/cat.1.jpg < training_set/training_set/cats/cat.1.jpg",
  "train/dogs/dog.1.jpg < training_set/training_set/dogs/dog.1.jpg",
  "validation/cats/cat.2.jpg < test_set/test_set/cats/cat.2.jpg",
  "validation/dogs/dog.2.jpg < test_set/test_set/dogs/dog.2.jpg",
];

test("Kaggle's cat-and-dog: training_set and test_set, twice in each other", async (t) => {
  const paths = TRAIN_AND_TEST.map((line) => line.split(" < ")[1] as string);
  const junk = {
    "__MACOSX/training_set/x.jpg": "x",
    "training_set/training_set/cats/_DS_Store": "x",
    ".DS_Store": "x",
  };
  const { images, notes } = await place(t, { ...files(...paths), ...junk });
  assert.deepEqual(images, TRAIN_AND_TEST);
  assert.deepEqual(notes, ['"training_set" is for training, "test_set" for validation']);
});

const SPLIT_NAMES: [train: string, validation: string, others: string[]][] = [
  ["train", "validation", []],
  ["Train", "Val", ["Test"]],
  ["TRAINING", "valid", ["testing"]],
  ["seg_train/seg_train", "seg_test/seg_test", ["seg_pred/seg_pred"]],
  ["chest_xray/train", "chest_xray/val", ["chest_xray/test", "chest_xray/chest_xray"]],
  ["a/b/c/Train Set", "a/b/c/eval", []],
  ["train/images", "test/images", []],
  ["trainingSet", "testSet", []],
];

for (const [train, validation, others] of SPLIT_NAMES) {
  test(`splits are known by their usual names: ${train}, ${validation}`, async (t) => {
    const of = (split: string, number: number) => [`${split}/cats/${number}.jpg`, `${split}/dogs/${number}.jpg`];
    const content = files(...of(train, 1), ...of(validation, 2), ...others.flatMap((other) => of(other, 3)));
    const { images, notes } = await place(t, content);
    assert.deepEqual(
      images.map((line) => line.split(" < ")[0]),
      ["train/cats/1.jpg", "train/dogs/1.jpg", "validation/cats/2.jpg", "validation/dogs/2.jpg"],
    );
    for (const other of others) {
      const folder = other.replace(/(seg_pred)\/.*/, "$1");
      assert.ok(
        notes.some((note) => note.includes(`"${folder}" is passed over`)),
        `${folder}: ${notes.join("\n")}`,
      );
    }
  });
}

test("dogs-vs-cats: the class stands in the file's name, and the test images have none", async (t) => {
  const content = files(
    ...numbered("train/cat.#.jpg", 8),
    ...numbered("train/dog.#.jpg", 8),
    ...numbered("test1/#.jpg", 5),
  );
  const { images, notes } = await place(t, content);
  assert.equal(images.filter((line) => line.startsWith("train/cat/cat.")).length, 6);
  assert.equal(images.filter((line) => line.startsWith("validation/dog/dog.")).length, 2);
  assert.deepEqual(
    notes,
    [
      '"test1" is passed over: 5 images of no split that is used',
      "the classes of pets/train stand in the files' names: cat, dog",
      "there is no folder for validation: 4 of 16 images are set aside for it (data.validation_share 0.25)",
    ].sort((a, b) => notes.indexOf(a) - notes.indexOf(b)),
  );
});

test("PetImages and flower_photos: folders of classes alone, readmes beside them", async (t) => {
  const content = files(...numbered("PetImages/Cat/#.jpg", 8), ...numbered("PetImages/Dog/#.jpg", 8));
  const { images, notes } = await place(t, {
    ...content,
    "readme[1].txt": "x",
    "MSR-LA - 3467.docx": "x",
    "PetImages/Cat/Thumbs.db": "x",
  });
  assert.equal(images.length, 16);
  assert.equal(images.filter((line) => line.startsWith("validation/Cat/")).length, 2);
  assert.match(notes.join("\n"), /^there is no folder for validation: 4 of 16 images are set aside/);
});

test("set aside: the same images each time, by the share, identical ones on one side, whatever else is there", async (t) => {
  const content: Content = files(...numbered("cats/#.jpg", 20), ...numbered("dogs/#.jpg", 20));
  for (let i = 0; i < 20; i += 2) content[`cats/${i + 1}.jpg`] = content[`cats/${i}.jpg`] as string; // ten pairs
  const first = await place(t, content);
  const again = await place(t, content);
  assert.deepEqual(first, again);
  const aside = first.images.filter((line) => line.startsWith("validation/cats/"));
  assert.ok(aside.length >= 4 && aside.length <= 5, aside.join());
  for (const line of aside) {
    const number = Number(/(\d+)\.jpg$/.exec(line)?.[1]);
    assert.ok(
      first.images.some((other) => other.startsWith(`validation/cats/${number ^ 1}.jpg`)),
      line,
    );
  }
  assert.equal(first.images.filter((line) => line.startsWith("validation/dogs/")).length, 5);
});

test("splits in the folders of the classes", async (t) => {
  const { images, notes } = await place(
    t,
    files("cats/train/1.jpg", "cats/val/2.jpg", "dogs/train/1.jpg", "dogs/val/2.jpg"),
  );
  assert.deepEqual(images, [
    "train/cats/1.jpg < cats/train/1.jpg",
    "train/dogs/1.jpg < dogs/train/1.jpg",
    "validation/cats/2.jpg < cats/val/2.jpg",
    "validation/dogs/2.jpg < dogs/val/2.jpg",
  ]);
  assert.deepEqual(notes, ["the splits lie in the folders of the classes"]);
});

test("a class that is called train is a class", async (t) => {
  const { images } = await place(
    t,
    files(...numbered("bus/#.jpg", 4), ...numbered("train/#.jpg", 4), ...numbered("plane/#.jpg", 4)),
  );
  assert.deepEqual([...new Set(images.map((line) => line.split("/")[1]))], ["bus", "plane", "train"]);
});

test("images further down in a class, of one name in two folders; annotations beside them", async (t) => {
  const { images, notes } = await place(t, {
    ...files("images/a/x/1.jpg", "images/a/y/1.jpg", "images/b/1.jpg", "images/b/2.jpg", "annotations/trimaps/1.png"),
    "annotations/list.txt": "x",
  });
  assert.deepEqual(images.map((line) => line.split(" < ")[1]).sort(), [
    "images/a/x/1.jpg",
    "images/a/y/1.jpg",
    "images/b/1.jpg",
    "images/b/2.jpg",
  ]);
  assert.ok(images.some((line) => /\/a\/x-1\.jpg < /.test(line)));
  assert.ok(notes.includes("annotations passed over: beside the images"));
});

test("what an image is, its content says where its name does not", async (t) => {
  const jpeg = await image(1).jpeg().toBuffer();
  const png = await image(2).png().toBuffer();
  const content: Content = {
    "a/1": jpeg,
    "a/2.jfif": jpeg,
    "a/3.dat": png,
    "b/1.jpe": jpeg,
    "b/2.bmp": "x",
    "b/notes.md": "x",
  };
  const { images } = await place(t, content);
  assert.deepEqual(images.map((line) => line.replace(/^\w+\//, "")).sort(), [
    "a/1.jpg < a/1",
    "a/2.jfif < a/2.jfif",
    "a/3.dat.png < a/3.dat",
    "b/1.jpe < b/1.jpe",
    "b/2.bmp < b/2.bmp",
  ]);
});

const REFUSED: [what: string, content: Content, message: RegExp][] = [
  [
    "no image",
    { "train/cats/x.txt": "x", "README.md": "x" },
    /^pets: found no image; the folders there are train, train\/cats; the files there are /,
  ],
  [
    "archives in the archive",
    { "train.zip": "x", "test1.zip": "x" },
    /^pets: found no image, but archives in it: test1\.zip, train\.zip\.$/,
  ],
  [
    "names that say no class",
    files("train/IMG_1.jpg", "train/IMG_2.jpg"),
    /^pets\/train: found no class; two or more are needed\.$/,
  ],
  ["one class", files("train/cats/1.jpg", "val/cats/2.jpg"), /^pets\/train: found one class, "cats"; two or more/],
  [
    "two folders for one split",
    files("train/a/1.jpg", "val/a/1.jpg", "valid/a/1.jpg"),
    /^pets: "val" and "valid" are both for validation\.$/,
  ],
  [
    "an accent in two encodings",
    files("train/é/1.jpg", "train/b/1.jpg", "val/e\u0301/1.jpg", "val/b/1.jpg"),
    /differ in how an accent is encoded/,
  ],
  [
    "one image in a class",
    files("a/1.jpg", "b/1.jpg", "b/2.jpg"),
    /the class "a" has one image, too few to set some aside/,
  ],
];

for (const [what, content, message] of REFUSED)
  test(`refused with a reason and a remedy: ${what}`, async (t) => {
    await assert.rejects(place(t, content), (error: Error & { hint?: string }) => {
      assert.equal(error.name, "StageError");
      assert.match(error.message, message);
      assert.ok(error.hint);
      return true;
    });
  });

test("a table of the classes, with and without splits", async (t) => {
  const content = files(...numbered("img/#.jpg", 8));
  const rows = numbered("#.jpg", 8).map((name, i) => `${name},${i % 2 ? "dog" : "cat"}`);
  const table = `\ufeffImage,Label\r\n${rows.join("\r\n")}\r\n`;
  const { images, notes } = await place(t, { ...content, "labels.csv": table }, { table: "labels.csv" });
  assert.equal(images.length, 8);
  assert.ok(images.includes("train/cat/0.jpg < img/0.jpg") || images.includes("validation/cat/0.jpg < img/0.jpg"));
  assert.match(notes.join("\n"), /the classes stand in labels\.csv\nthere is no folder for validation: 2 of 8/);

  const split = `image,label,split\n${rows
    .slice(0, 6)
    .map((row, i) => `img/${row},${i < 4 ? "Train" : "test"}`)
    .join("\n")}\n`;
  const second = await place(t, { ...content, "labels.csv": split }, { table: "labels.csv" });
  assert.equal(second.images.filter((line) => line.startsWith("train/")).length, 4);
  assert.deepEqual(second.notes.slice(1), [
    "its split test is for validation",
    "2 images are passed over: not in the table",
  ]);
});

const TABLES: [string, RegExp][] = [
  ["file,label\n0.jpg,a\n", /^labels\.csv: the column image is missing; it has file, label\.$/],
  ["image,label\n9.jpg,a\n", /^labels\.csv: row 2: there is no image "9\.jpg" in pets\.$/],
  ["image,label\n0.jpg,a\n0.jpg,b\n", /^labels\.csv: row 3: "0\.jpg" stands in row 2, too\.$/],
  ["image,label\n0.jpg,\n", /^labels\.csv: row 2: label is empty\.$/],
  ["image,label\n0.jpg,../x\n", /^labels\.csv: row 2: the label "\.\.\/x" cannot name a class/],
  [
    "image,label,split\n0.jpg,a,foo\n",
    /^labels\.csv: row 2: the split is "foo"; it must be train, validation or test\.$/,
  ],
  ["image;label\n0.jpg;a\n", /^labels\.csv: its columns are parted by semicolons; save it with commas\.$/],
  ["image,label,Label\n0.jpg,a,b\n", /^labels\.csv: the column label stands in it twice\.$/],
  ["image,label\n0.jpg,a,b\n", /^labels\.csv: row 2: it has 3 values, but there are 2 columns/],
  [
    "image,label,split\n0.jpg,a,train\n1.jpg,aa,train\n2.jpg,a,test\n",
    /^labels\.csv: row 3: no row for validation has the class "aa"\.$/,
  ],
  [
    "image,label,split\n0.jpg,a,train\n1.jpg,aa,test\n2.jpg,a,test\n",
    /^labels\.csv: row 3: no row for train has the class "aa"\.$/,
  ],
];

for (const [text, message] of TABLES)
  test(`a table that cannot be understood is refused: ${JSON.stringify(text)}`, async (t) => {
    const content = { ...files(...numbered("img/#.jpg", 4)), "labels.csv": text };
    await assert.rejects(place(t, content, { table: "labels.csv" }), { name: "StageError", message });
  });

test("a table in another encoding than UTF-8 is refused, with the remedy", async (t) => {
  const text = "image,label\n0.jpg,kätzchen\n1.jpg,hund\n";
  for (const [bytes, message] of [
    [Buffer.from(`\ufeff${text}`, "utf16le"), "labels.csv: it is UTF-16, not UTF-8."],
    [Buffer.from(text, "latin1"), "labels.csv: it is not UTF-8."],
  ] as const)
    await assert.rejects(
      place(t, { ...files(...numbered("img/#.jpg", 4)), "labels.csv": bytes }, { table: "labels.csv" }),
      { name: "StageError", message, hint: "Save it as UTF-8 (in Excel: CSV UTF-8)." },
    );
});
