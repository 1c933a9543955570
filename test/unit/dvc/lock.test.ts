import assert from "node:assert/strict";
import { posix, win32 } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { stringify } from "yaml";
import { stageChanges } from "../../../src/commands/report/stage-changes.ts";
import { staleStages } from "../../../src/commands/report/stale.ts";
import { isCode, lockedPaths, parseLock } from "../../../src/dvc/lock.ts";
import { isInside, pathsInCommand } from "../../../src/dvc/paths.ts";
import { parsePipeline } from "../../../src/dvc/pipeline.ts";
import { currentMetrics } from "../../../src/dvc/roles.ts";
import { StageError } from "../../../src/runtime/errors.ts";

const DIGEST = "0123456789abcdef".repeat(2);

const lockOf = (item: object, list: "deps" | "outs" = "outs", cmd = "x") =>
  stringify({ schema: "2.0", stages: { plot: { cmd, [list]: [item] } } });

/** Pieces that a path which leads outside is made of, and harmless ones. */
const pieces = fc.constantFrom(
  "..",
  ".",
  "",
  "/",
  "\\",
  "C:",
  "a",
  "data",
  "\0",
  "\n",
  "\u001b[31m",
  "~",
  "%2e%2e",
  "aux",
  " ",
);
const paths = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join("/")),
  fc.array(pieces, { maxLength: 8 }).map((parts) => parts.join("")),
);

/** Whether a path stays below a folder, on both kinds of systems. */
function stays(path: string): boolean {
  return [posix, win32].every(({ resolve, sep }) => {
    const root = resolve("/root/project");
    return resolve(root, path).startsWith(`${root}${sep}`);
  });
}

/** Calls it; nothing when it refused, in the one way it may. */
function unless<T>(call: () => T): T | undefined {
  try {
    return call();
  } catch (error) {
    assert.ok(error instanceof StageError, String((error as Error).stack));
    assert.ok(error.hint);
    return undefined;
  }
}

test("a path that the lock reader lets through stays inside, and no character of it steers a terminal", () => {
  fc.assert(
    fc.property(paths, fc.constantFrom("deps", "outs"), (path, list) => {
      const read = unless(() => parseLock(lockOf({ path, md5: DIGEST }, list)));
      if (read === undefined) return;
      if (list === "deps" && read.plot?.deps.length === 0) return assert.match(path, /^\.\.\//); // left out
      assert.equal(read.plot?.[list][0]?.path, path);
      assert.ok(stays(path), path);
      assert.doesNotMatch(path, /\p{Cc}/u);
    }),
    { numRuns: 2000 },
  );
});

test("what a stage depends on beside its folder is left out; what it writes there is refused", () => {
  for (const path of ["../images", "../../my data/x"]) {
    assert.deepEqual(parseLock(lockOf({ path, md5: DIGEST }, "deps")).plot?.deps, []);
    assert.throws(() => parseLock(lockOf({ path, md5: DIGEST }, "outs")), { name: "StageError" });
  }
  for (const path of ["../", "../a/../b", "/a", "..\\a", "../a\u001b"])
    assert.throws(() => parseLock(lockOf({ path, md5: DIGEST }, "deps")), { name: "StageError" });
});

test("only a path that leads outside is refused", () => {
  const name = fc.stringMatching(/^[\w ü.-]{1,20}$/).filter((part) => !/^\.{1,2}$/.test(part));
  fc.assert(fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (parts) => isInside(parts.join("/"))));
});

test("a digest is 32 hexadecimal digits, with or without .dir", () => {
  for (const md5 of [DIGEST, `${DIGEST}.dir`])
    assert.equal(parseLock(lockOf({ path: "a", md5 })).plot?.outs[0]?.md5, md5);
  assert.equal(parseLock(lockOf({ path: "a" })).plot?.outs[0]?.md5, undefined);
  const wrong = [
    "aa/../../../secret",
    "",
    DIGEST.toUpperCase(),
    `${DIGEST}\n`,
    `${DIGEST}.dir/x`,
    `${DIGEST}0`,
    `../${DIGEST}`,
    ".dir",
  ];
  const others = fc
    .oneof(fc.constantFrom(...wrong), paths)
    .filter((text) => !/^[0-9a-f]{32}(\.dir)?$/.test(text) || /\n/.test(text));
  fc.assert(
    fc.property(others, (md5) => {
      assert.throws(() => parseLock(lockOf({ path: "a", md5 })), { name: "StageError", message: /outs\.0\.md5/ });
    }),
  );
});

test("the paths of a command stay inside, whatever the command", () => {
  const words = fc.oneof(
    paths,
    fc.constantFrom("node", "--import tsx", "stages/plot.ts", "--out", "--metrics=", '"', "'"),
  );
  fc.assert(
    fc.property(fc.array(words, { maxLength: 10 }), (parts) => {
      const read = unless(() => pathsInCommand(parts.join(" "), "dvc.lock: plot"));
      for (const path of Object.values(read ?? {})) assert.ok(stays(path), path);
    }),
    { numRuns: 2000 },
  );
  for (const path of ["../../secret", "/etc/passwd", "data/../../x", "C:\\x", "."]) {
    const lock = parseLock(lockOf({ path: "a" }, "outs", `node --import tsx stages/plot.ts --out ${path}`));
    assert.throws(() => lockedPaths(lock, "plot"), { name: "StageError", message: /^dvc\.lock: plot: --out is / });
  }
});

test("a dvc.lock of any content is read or refused by name, never half", () => {
  const anything = fc.jsonValue({ maxDepth: 4 });
  const like = fc.record({
    stages: fc.dictionary(fc.string(), fc.record({ cmd: anything, deps: anything, params: anything })),
  });
  fc.assert(fc.property(fc.oneof(anything, like), (value) => void unless(() => parseLock(stringify(value)))));
  fc.assert(fc.property(fc.string(), (text) => void unless(() => parseLock(text))));
});

test("paths of a command: quoted, with =, over several lines, with ./ and a slash at the end; a former flag by its name of today", () => {
  const cmd = `node --import tsx stages/train-top.ts --metrics metrics/train.json
      --memorised 'metrics/poi son.json' --model=./data/model/ --flag --labels "data/labels.csv"`;
  assert.deepEqual(lockedPaths(parseLock(lockOf({ path: "a" }, "outs", cmd)), "plot"), {
    metrics: "metrics/train.json",
    memorization: "metrics/poi son.json",
    model: "data/model",
    labels: "data/labels.csv",
  });
});

test("code is code, as files and as folders", () => {
  for (const path of ["src", "stages", "src/train", "stages/plot.ts"]) assert.ok(isCode(path), path);
  for (const path of ["data/src", "srcs/a", "params.yaml"]) assert.ok(!isCode(path), path);
});

test("a stage or flag named as what JavaScript's objects inherit is that name, and is there only where it was written", () => {
  for (const name of ["constructor", "toString", "hasOwnProperty"]) {
    const stages = { [name]: { cmd: `node a.ts --${name} data/x` } };
    const lock = parseLock(stringify({ schema: "2.0", stages }));
    assert.deepEqual(Object.entries(lockedPaths(lock, name)), [[name, "data/x"]]);
    assert.deepEqual(Object.entries(parsePipeline(stringify({ stages })).stages[name]?.paths ?? {}), [
      [name, "data/x"],
    ]);
    const empty = parseLock("");
    assert.deepEqual(
      stageChanges(empty, lock).map(({ stage, causes }) => [stage, causes]),
      [[name, ["new stage"]]],
    );
    assert.deepEqual(staleStages(empty, { stages: [name], params: () => ({}), digests: new Map() }), [
      `\`${name}\` has not run`,
    ]);
    assert.deepEqual(Object.entries(currentMetrics({ [name]: 1 })), [[name, 1]]);
  }
});
