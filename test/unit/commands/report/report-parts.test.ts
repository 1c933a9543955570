import assert from "node:assert/strict";
import { test } from "node:test";
import { countChanges, labelChanges } from "../../../../src/commands/report/label-changes.ts";
import { code, show, table } from "../../../../src/commands/report/markdown.ts";
import { explainAccuracy, numberMoved, shareMoved } from "../../../../src/commands/report/phrases.ts";
import { stageChanges } from "../../../../src/commands/report/stage-changes.ts";
import { differences } from "../../../../src/commands/report/values.ts";
import { type Lock, parseLock } from "../../../../src/dvc/lock.ts";
import type { PredictionRow } from "../../../../src/records/predictions.ts";
import { compareAccuracy, mcNemar } from "../../../../src/statistics/compare-accuracy.ts";

const near = (actual: number, expected: number) =>
  assert.ok(Math.abs(actual - expected) <= 1e-6 * Math.abs(expected), `${actual}, not ${expected}`);

/** Predictions for so many images, of which some are wrong. */
const predictions = (right: readonly boolean[], start = 0): PredictionRow[] =>
  right.map((isRight, i) => ({ image: `${start + i}`, label: "a", predicted: isRight ? "a" : "b", probability: 0.5 }));

/** `lost` images that only base gets right, `gained` that only head does, of 800. */
function pair(lost: number, gained: number) {
  const base = Array.from({ length: 800 }, (_, i) => i < lost || i >= lost + gained);
  const head = Array.from({ length: 800 }, (_, i) => i >= lost);
  return compareAccuracy(predictions(base), predictions(head));
}

test("the exact McNemar test gives SciPy's numbers (binomtest of the smaller count, two-sided)", () => {
  near(mcNemar(41, 21), 0.015134080997447081);
  near(mcNemar(21, 41), 0.015134080997447081);
  near(mcNemar(0, 5), 0.0625);
  near(mcNemar(10, 10), 1);
  near(mcNemar(0, 0), 1);
  near(mcNemar(300, 200), 8.940066542253288e-6);
  near(mcNemar(2000, 1900), 0.11289365225934829);
});

test("models on the same images are compared image by image, in any order of the images", () => {
  const paired = pair(41, 21);
  assert.ok(paired.kind === "paired");
  assert.deepEqual([paired.images, paired.lost, paired.gained], [800, 41, 21]);
  near(paired.difference, -0.025);
  near(paired.interval[0], -0.04441209023497464);
  near(paired.interval[1], -0.005463221485723618);
  assert.match(explainAccuracy(paired), /p = 0\.015, 95 % interval −4\.4 to −0\.5 points .*would seldom make/);
  assert.match(explainAccuracy(pair(5, 4)), /p = 1, 95 % interval .* Such a difference can be chance\.$/);
  assert.match(explainAccuracy(pair(300, 200)), /p < 0\.001/);
  const rows = predictions([true, false]);
  assert.deepEqual(compareAccuracy(rows, rows.toReversed()), compareAccuracy(rows, rows));
});

test("models on other images, or on images labelled otherwise, are compared as two samples", () => {
  const other = compareAccuracy(
    predictions([true, true, true, false]),
    predictions([true, false, false, false, false], 9),
  );
  assert.deepEqual([other.kind, other.images], ["independent", [4, 5]]);
  near(other.difference, 0.2 - 0.75);
  near(other.interval[0], -0.8852064246792357);
  near(other.interval[1], 0.12330166277447385);
  assert.match(explainAccuracy(other), /not the same \(4 and 5\).*Agresti and Caffo.* can be chance\.$/);
  const relabelled = predictions([true, true]).map((row) => ({ ...row, label: "b" }));
  assert.equal(compareAccuracy(predictions([true, true]), relabelled).kind, "independent");
});

test("changes in words", () => {
  assert.equal(shareMoved(0.88125, 0.8625), "fell by 1.9 points (0.8812 → 0.8625)");
  assert.equal(shareMoved(0.5, 0.75), "rose by 25.0 points (0.5 → 0.75)");
  assert.equal(shareMoved(0.5, 0.5), "is the same (0.5)");
  assert.equal(numberMoved(0.25, 1234.5678), "rose from 0.25 to 1235");
  assert.equal(numberMoved(0.25, null), "was 0.25, is not a number");
});

test("differences of nested values, by dotted key: changed, new and gone", () => {
  const base = { poison: 0, train: { epochs: 10, dropout: 0.5 }, old: [1, 2] };
  const head = { poison: 5, train: { epochs: 10, dropout: 0.5, warm: { up: true } }, list: [1] };
  assert.deepEqual(differences(base, head), [
    { key: "poison", base: 0, head: 5 },
    { key: "train.warm.up", base: undefined, head: true },
    { key: "list", base: undefined, head: [1] },
    { key: "old", base: [1, 2], head: undefined },
  ]);
  assert.deepEqual(differences(undefined, undefined), []);
});

test("labels: changed, new and gone images; changes are counted by true label", () => {
  const row = (image: string, label: string) => ({ image, split: "train" as const, label, true_label: "a" });
  const changes = labelChanges(
    [row("1", "a"), row("2", "a"), row("3", "b"), row("4", "a")],
    [row("1", "b"), row("2", "b"), row("3", "a"), row("5", "a")],
  );
  assert.deepEqual([changes.added, changes.removed], [1, 1]);
  assert.deepEqual(countChanges(changes.changed), [
    { true_label: "a", base: "a", head: "b", images: 2 },
    { true_label: "a", base: "b", head: "a", images: 1 },
  ]);
});

/** A digest for each letter. */
const of = (letter: string) => letter.repeat(32);

const LOCK = `schema: '2.0'
stages:
  poison:
    cmd: make
    deps:
    - {path: data/images, md5: ${of("1")}.dir}
    - {path: src/a.ts, md5: ${of("a")}}
    params:
      params.yaml: {poison: 0, data: {source: auto}}
    outs:
    - {path: data/labels.csv, md5: ${of("e")}}
`;

test("why a stage changed: parameters, data and who makes it, code, command; new and removed stages", () => {
  const lock = (...edits: [string, string][]): Lock =>
    parseLock(edits.reduce((text, [from, to]) => text.replace(from, to), LOCK));
  assert.deepEqual(stageChanges(lock(), lock()), []);
  const edited = lock(
    ["cmd: make", "cmd: make it"],
    [of("1"), of("2")],
    [of("a"), of("b")],
    ["source: auto", "source: mirror"],
    [of("e"), of("f")],
  );
  assert.deepEqual(stageChanges(lock(), edited), [
    {
      stage: "poison",
      causes: ["parameter `data.source`: auto → mirror", "data `data/images`", "code `src/a.ts`", "its command"],
      outputs: ["data/labels.csv"],
    },
  ]);
  // Outputs alone: another machine.
  assert.deepEqual(stageChanges(lock(), lock([of("e"), of("f")])), [
    { stage: "poison", causes: [], outputs: ["data/labels.csv"] },
  ]);
  const renamed = lock(["poison:\n", "swap:\n"]);
  assert.deepEqual(
    stageChanges(lock(), renamed).map(({ stage, causes }) => [stage, ...causes]),
    [
      ["swap", "new stage"],
      ["poison", "stage removed"],
    ],
  );
  const files = Array.from({ length: 7 }, (_, i) => `    - {path: src/${i}.ts, md5: ${of("c")}}\n`).join("");
  const more = parseLock(LOCK.replace("    params:", `${files}    params:`));
  assert.deepEqual(stageChanges(lock(), more)[0]?.causes, [
    "code `src/0.ts`, `src/1.ts`, `src/2.ts`, `src/3.ts`, `src/4.ts` and 2 more",
  ]);
});

test("names with Markdown in them stay names", () => {
  assert.equal(table(["a|b"], [["x\ny"]]), "| a\\|b |\n| --- |\n| x y |");
  assert.equal(code("a`b"), "`` a`b ``");
  assert.equal(show("<img src=x>"), "&lt;img src=x&gt;");
  assert.deepEqual([0.123456, 1234567, null, undefined, [1]].map(show), [
    "0.1235",
    "1234567",
    "not a number",
    "–",
    "`[1]`",
  ]);
});
