import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import {
  formatLabels,
  type LabelRow,
  parseLabels,
  readLabels,
  writeLabels,
} from "../../../src/records/labels/labels.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const HEADER = "image,split,label,true_label";
const row = (split: "train" | "validation", true_label: string, name: string, label = true_label): LabelRow => ({
  image: `${split}/${true_label}/${name}`,
  split,
  label,
  true_label,
});

/** Two images of each class and split; one training label is swapped. */
const ROWS = [
  row("train", "cats", "1.jpg", "dogs"),
  row("train", "cats", "2.jpg"),
  row("train", "dogs", "1.jpg"),
  row("train", "dogs", "2.jpg"),
  row("validation", "cats", "1.jpg"),
  row("validation", "dogs", "1.jpg"),
];
const TABLE = formatLabels(ROWS);

test("the table is CSV with one row per image", () => {
  assert.equal(
    formatLabels([row("train", "cats", "cat, 1.jpg", "dogs")]),
    `${HEADER}\n"train/cats/cat, 1.jpg",train,dogs,cats\n`,
  );
});

test("what is written is read back, whatever the names", async (t) => {
  const file = join(temporaryFolder(t), "labels.csv");
  const name = fc.string({ unit: "grapheme", minLength: 1 }).filter((text) => !text.includes("/"));
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(name, { minLength: 2, maxLength: 4 }),
      fc.uniqueArray(name, { minLength: 1 }),
      async (classes, names) => {
        const rows = (["train", "validation"] as const).flatMap((split) =>
          classes.flatMap((label) => names.map((image) => row(split, label, image))),
        );
        await writeLabels(file, rows);
        assert.deepEqual([...(await readLabels(file))], rows);
      },
    ),
    { numRuns: 200 },
  );
});

test("further columns are kept, in their order, whatever they are called", () => {
  const column = fc
    .string({ unit: "grapheme", minLength: 1 })
    .filter((text) => !HEADER.split(",").includes(text) && text !== "__proto__");
  fc.assert(
    fc.property(fc.uniqueArray(column, { maxLength: 3 }), fc.string({ unit: "grapheme" }), (more, value) => {
      const [first, ...others] = [...more, ...HEADER.split(",")];
      const columns = [...others, first as string];
      const rows = ROWS.map((row) => ({ ...Object.fromEntries(more.map((name) => [name, value])), ...row }));
      const text = formatLabels(rows, columns);
      assert.equal(formatLabels(parseLabels(text, "labels.csv")), text);
    }),
  );
  const rows = ROWS.map((row, i) => ({ ...row, suspicion: i / 10 }));
  assert.match(formatLabels(rows), /^image,split,label,true_label,suspicion\n.+,0\n.+,0\.1\n/);
});

test("a byte-order mark and the line ends of other systems are passed over; other encodings are refused", async (t) => {
  const file = join(temporaryFolder(t), "labels.csv");
  writeFileSync(file, `\uFEFF${TABLE.replaceAll("\n", "\r\n")}`);
  assert.deepEqual([...(await readLabels(file))], ROWS);
  writeFileSync(file, Buffer.from(TABLE.replaceAll("cats", "kätzchen"), "latin1"));
  await assert.rejects(readLabels(file), { message: `${file}: cannot be read: it is not UTF-8.` });
  const utf16 = `${file}: cannot be read: it is UTF-16, not UTF-8.`;
  writeFileSync(file, Buffer.from(`\uFEFF${TABLE}`, "utf16le"));
  await assert.rejects(readLabels(file), { message: utf16, hint: /^Save it as UTF-8\. Write it anew: / });
  writeFileSync(file, Buffer.from(`\uFEFF${TABLE}`, "utf16le").swap16());
  await assert.rejects(readLabels(file), { message: utf16 });
  writeFileSync(file, Buffer.from(TABLE, "utf16le"));
  await assert.rejects(readLabels(file), { message: /it is not UTF-8: it holds zero bytes, as UTF-16 does\.$/ });
});

test("a table that cannot be trusted is refused by row, value and remedy", async (t) => {
  const hint = "Write it anew: `dvc repro --force --single-item poison`.";
  const refuse = (text: string, message: string | RegExp) =>
    assert.throws(() => parseLabels(text, "labels.csv"), { name: "StageError", message, hint });
  const edit = (from: string | RegExp, to: string) => {
    const text = TABLE.replace(from, to);
    assert.notEqual(text, TABLE);
    return text;
  };
  refuse("", "labels.csv: the column image, split, label, true_label is missing.");
  refuse("image,label\na,b\n", "labels.csv: the column split, true_label is missing.");
  refuse(edit("true_label", "true_label,label"), "labels.csv: the column label stands in it twice.");
  refuse(edit("dogs,cats\n", "dogs\n"), "labels.csv: row 2 has 3 values, but there are 4 columns.");
  refuse(edit("dogs,cats\n", ",cats\n"), /^labels\.csv: row 2: label is "": /);
  refuse(edit("1.jpg,train", "1.jpg,test"), 'labels.csv: row 2: split is "test": it must be train or validation.');
  refuse(edit("dogs/2", "dogs/1"), /row 5: image is "train\/dogs\/1\.jpg": the image stands in the table twice\./);
  refuse(edit("cats/2", "dogs/7"), /row 3: image is "train\/dogs\/7\.jpg": .+ it must lie in train\/cats\/\./);
  refuse(edit("train/cats/2", "train/cats/../../../2"), /row 3: image is .+ it must lie in train\/cats\/\./);
  refuse(
    edit("validation,cats,", "validation,dogs,"),
    /row 6: label is "dogs": the true label is cats, and validation/,
  );
  refuse(edit("train,dogs,", "train,foxes,"), /row 2: label is "foxes": the classes are cats, dogs\./);
  refuse(edit(/train,cats,/g, "train,dogs,"), /the label of every training row is dogs; two or more are needed\./);
  refuse(`${HEADER}\n`, "labels.csv: it has no train rows.");
  const only = (split: string) => formatLabels(ROWS.filter((row) => row.split === split));
  refuse(only("validation"), "labels.csv: it has no train rows.");
  refuse(only("train"), "labels.csv: it has no validation rows.");
  refuse(formatLabels(ROWS.filter((row) => row.true_label === "cats")), /true label of every training row is cats/);
  refuse(
    formatLabels(ROWS.slice(0, 5)),
    /row 4: true_label is "dogs": no validation row has this class; those have cats\./,
  );
  const birds = formatLabels([...ROWS.slice(0, 4), row("train", "birds", "1.jpg"), ...ROWS.slice(4)]);
  refuse(birds, /row 6: true_label is "birds": no validation row has this class; those have cats, dogs\./);
  const crows = formatLabels([...ROWS, row("validation", "crows", "1.jpg")]);
  refuse(crows, /row 8: true_label is "crows": no train row has this class; those have cats, dogs\./);
  refuse(TABLE.replaceAll(",", ";"), "labels.csv: its columns are parted by semicolons; save it with commas.");
  const none = join(temporaryFolder(t), "none.csv");
  await assert.rejects(readLabels(none), {
    message: `${none}: no such file.`,
    hint: "Write it first: `dvc repro poison`.",
  });
});

test("a table that would be refused is not written", async (t) => {
  const file = join(temporaryFolder(t), "labels.csv");
  const wrong = ROWS.map((row) => (row.split === "validation" ? { ...row, label: "cats" } : row));
  await assert.rejects(writeLabels(file, wrong), /not written: .*validation labels are true/);
  assert.throws(() => readFileSync(file), { code: "ENOENT" });
});
