import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import type { LabelRow } from "../../../src/records/labels.ts";
import { readLabels, writeLabels } from "../../../src/records/labels.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("the table is CSV with one row per image", async (t) => {
  const file = join(temporaryFolder(t), "labels.csv");
  await writeLabels(file, [{ image: "train/cats/cat, 1.jpg", split: "train", label: "dogs", true_label: "cats" }]);
  assert.equal(readFileSync(file, "utf8"), 'image,split,label,true_label\n"train/cats/cat, 1.jpg",train,dogs,cats\n');
});

test("what is written is read back, whatever the names", async (t) => {
  const file = join(temporaryFolder(t), "labels.csv");
  const name = fc.string({ unit: "grapheme", minLength: 1 });
  const row: fc.Arbitrary<LabelRow> = fc.record(
    { image: name, split: fc.constantFrom("train", "validation"), label: name, true_label: name },
    { noNullPrototype: true },
  );
  await fc.assert(
    fc.asyncProperty(fc.uniqueArray(row, { selector: ({ image }) => image }), async (rows) => {
      await writeLabels(file, rows);
      assert.deepEqual(await readLabels(file), rows);
    }),
    { numRuns: 200 },
  );
});

test("a table that cannot be trusted is refused", async (t) => {
  const file = join(temporaryFolder(t), "labels.csv");
  const refuse = async (text: string, message: string) => {
    writeFileSync(file, text);
    await assert.rejects(readLabels(file), { name: "StageError", message: `${file}: ${message}` });
  };
  const header = "image,split,label,true_label\n";
  await refuse("image,label\na,b\n", "the column split, true_label is missing.");
  await refuse(`${header}a,train,cats,cats\na,train,dogs,cats\n`, "row 2: the image a stands in the table twice.");
  await refuse(`${header}a,test,cats,cats\n`, 'row 1: split is "test"; it must be train or validation.');
  await refuse(`${header}a,train,cats\n`, "row 1: a value is missing.");
  await assert.rejects(readLabels(join(file, "..", "none.csv")), { hint: "Write it first: `dvc repro poison`." });
});
