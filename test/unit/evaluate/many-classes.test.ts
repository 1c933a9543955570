import assert from "node:assert/strict";
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { MOST_PAIRS, validationFigures } from "../../../src/evaluate/figures.ts";
import { predictionRows } from "../../../src/evaluate/predictions.ts";
import { figureFiles } from "../../../src/records/training/figures.ts";
import { MOST_CLASSES } from "../../../src/records/training/many-classes.ts";
import { predictionsFile, probabilityOf } from "../../../src/records/training/predictions.ts";
import { probabilitiesOf } from "../../../src/train/cross-entropy.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Two images of each class: the first is taken for its own class, the second for class 0, and least likely of its own. */
function trained(classes: number) {
  const classNames = Array.from({ length: classes }, (_, c) => `class ${String(c).padStart(4, "0")}`);
  const targets = Uint16Array.from({ length: 2 * classes }, (_, i) => i >> 1);
  const logits = Float32Array.from({ length: 2 * classes * classes }, (_, at) => {
    const [i, c] = [Math.floor(at / classes), at % classes];
    const right = c === i >> 1;
    if (i % 2 === 0) return right ? 5 : -c / 1000;
    return c === 0 ? 5 : right ? -5 : -c / 1000;
  });
  const images = Array.from(targets, (c, i) => `validation/${classNames[c]}/${i}.jpg`);
  return { classNames, targets, logits, images };
}

function rowsOf({ classNames, targets, logits, images }: ReturnType<typeof trained>) {
  const model = { inputs: 1, hidden: 1, outputs: classNames.length };
  const set = { validation: { features: { images }, targets }, classNames };
  return predictionRows({ validationLogits: logits, model }, set as never);
}

test("of more than 50 classes a row holds the true class and the five most probable ones, and can be read", async (t) => {
  const file = join(temporaryFolder(t), "predictions.json");
  const rows = rowsOf(trained(MOST_CLASSES + 1));
  await predictionsFile.write(file, rows);
  const read = await predictionsFile.read(file);
  assert.deepEqual(Object.keys(read[21]?.probabilities ?? {}), [
    ...["class 0000", "class 0001", "class 0002", "class 0003", "class 0004"],
    "class 0010",
  ]);
  assert.deepEqual(
    [read[20], read[21]].map((row) => row?.predicted),
    ["class 0010", "class 0000"],
  );
  const probability = probabilityOf(read);
  assert.ok(probability(read[21] as (typeof read)[0], "class 0010") < 0.001);
  assert.equal(probability(read[21] as (typeof read)[0], "class 0030"), 0, "one that the row does not hold");
  assert.equal(probability(read[21] as (typeof read)[0], "constructor"), 0);
  assert.equal(Object.keys(rowsOf(trained(MOST_CLASSES))[0]?.probabilities ?? {}).length, MOST_CLASSES);
});

test("a row of many classes that cannot be true is refused", () => {
  const rows = rowsOf(trained(MOST_CLASSES + 1));
  const parse = (change: object) =>
    predictionsFile.parse(JSON.stringify(rows.with(21, { ...(rows[21] as object), ...change } as never)), "p.json");
  const probabilities = rows[21]?.probabilities as Record<string, number>;
  const { "class 0010": _, ...untrue } = probabilities;
  for (const [change, message] of [
    [{ probabilities: untrue }, /it does not hold that of class 0010/],
    [{ probabilities: { ...probabilities, stranger: 0 } }, /the classes are class 0000, /],
    [{ probabilities: { ...probabilities, "class 0001": 0.9 } }, /they sum to 1\.\d+ instead of at most 1/],
    [{ predicted: "class 0001", probability: probabilities["class 0001"] }, /another class is more probable/],
  ] as const)
    assert.throws(() => parse(change), { name: "StageError", message });
});

test("of more than 50 classes the confusion matrix holds the pairs confused most, the histogram all classes", () => {
  const { classNames, targets, logits } = trained(MOST_CLASSES + 1);
  const probabilities = probabilitiesOf(logits, classNames.length);
  // Class 7 is taken for class 0 once more than any other.
  const figures = validationFigures(
    { probabilities: [...probabilities, probabilities[15] as number[]], targets: [...targets, 7] },
    classNames,
  );
  assert.equal(figures.confusion.length, MOST_PAIRS);
  assert.deepEqual(figures.confusion[0], { label: "class 0007", predicted: "class 0000", images: 2, share: 2 / 3 });
  assert.ok(figures.confusion.every(({ label, predicted }) => label !== predicted));
  assert.equal(figures.probabilities.length, 20);
  assert.equal(figures.probabilities[0]?.label, "all 51 classes");
  assert.equal(
    figures.probabilities.reduce((sum, { images }) => sum + images, 0),
    103,
  );

  const few = trained(MOST_CLASSES);
  const whole = validationFigures(
    { probabilities: probabilitiesOf(few.logits, MOST_CLASSES), targets: few.targets },
    few.classNames,
  );
  assert.equal(whole.confusion.length, MOST_CLASSES ** 2);
  assert.equal(whole.probabilities.length, 20 * MOST_CLASSES);
});

test("files of twice as many classes and images are about twice as large", async (t) => {
  const folder = temporaryFolder(t);
  const size = async (classes: number) => {
    const made = trained(classes);
    const at = join(folder, String(classes));
    mkdirSync(at);
    await predictionsFile.write(join(at, "predictions.json"), rowsOf(made));
    const validated = { probabilities: probabilitiesOf(made.logits, classes), targets: made.targets };
    const { confusion, probabilities } = validationFigures(validated, made.classNames);
    await figureFiles.confusion.write(join(at, "confusion.json"), confusion);
    await figureFiles.probabilities.write(join(at, "probabilities.json"), probabilities);
    const bytes = (name: string) => statSync(join(at, name)).size;
    return { rows: bytes("predictions.json"), figures: bytes("confusion.json") + bytes("probabilities.json") };
  };
  const [small, large] = [await size(100), await size(200)];
  assert.ok(large.rows / small.rows < 2.1, `${small.rows} and ${large.rows} bytes`);
  assert.ok(large.figures / small.figures < 1.1);
});
