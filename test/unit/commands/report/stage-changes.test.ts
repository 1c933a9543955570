import assert from "node:assert/strict";
import { test } from "node:test";
import { stageChanges } from "../../../../src/commands/report/stage-changes.ts";
import { type Lock, parseLock } from "../../../../src/dvc/lock.ts";

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
      causes: ["parameter `data.source`: `auto` → `mirror`", "data `data/images`", "code `src/a.ts`", "its command"],
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
