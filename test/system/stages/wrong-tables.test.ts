import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { npyHeader } from "../../../src/records/features/npy.ts";
import { createExperiment } from "../../support/mlflow/experiment.ts";

test("train-top believes no wrong table: one message with its remedy, and nothing is written", async (t) => {
  const experiment = await createExperiment(t);
  const place = (file: string) => join(experiment.folder, file);
  const LABELS = "data/labels.csv";
  const NPY = "data/bottleneck/part-00000.npy";
  const INDEX = "data/bottleneck/index.json";
  const text = (edit: (text: string) => string) => (bytes: Buffer) => Buffer.from(edit(bytes.toString()));
  const cases: [file: string, edit: (bytes: Buffer) => Buffer, message: RegExp][] = [
    [
      LABELS,
      text((table) => table.replace("validation,cats,cats", "validation,dogs,cats")),
      /row 42: label is "dogs": the true label is cats/,
    ],
    [
      LABELS,
      text((table) => table.replaceAll("train,dogs,", "train,cats,")),
      /the label of every training row is cats/,
    ],
    [LABELS, text((table) => table.replace(/^train.*\n/gm, "")), /it has no train rows\./],
    [
      INDEX,
      text((rows) => rows.replace("cats/1.jpg", "cats/0.jpg")),
      /images\[1\] is "train\/cats\/0\.jpg": the image stands/,
    ],
    [
      NPY,
      (bytes) => Buffer.concat([npyHeader([56, 2, 2, 128]), bytes.subarray(-56 * 512 * 4)]),
      /its shape is \(56, 2, 2, 128\); the index says \(56, 1, 1, 512\)\./,
    ],
    [
      NPY,
      (bytes) => {
        const changed = Buffer.from(bytes);
        changed.writeFloatLE(Number.NaN, changed.length - 4);
        return changed;
      },
      /row 55 \(validation\/dogs\/7\.jpg\): value 511 is NaN\./,
    ],
  ];
  for (const [file, edit, message] of cases) {
    const before = readFileSync(place(file));
    const after = edit(before);
    assert.ok(!after.equals(before), `${message}`);
    writeFileSync(place(file), after);
    const { code, output } = await experiment.trainTop({});
    writeFileSync(place(file), before);
    assert.match(output, message);
    assert.match(output, /\n {2}→ .+\n$/);
    assert.doesNotMatch(output, /^ +at /m);
    assert.equal(code, 1);
    for (const output of ["data/model", "metrics/train.json", "plots/predictions.json"])
      assert.ok(!existsSync(place(output)), output);
  }
  const { code, output } = await experiment.trainTop({});
  assert.equal(code, 0, output);
});
