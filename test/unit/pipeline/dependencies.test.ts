import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { parse } from "yaml";
import { HARNESS, isHarness } from "../../../src/stage/harness.ts";
import { stagesLockText } from "../../../tools/lock-stages.ts";
import { stageFiles } from "../../../tools/stage-closure.ts";

const { stages } = parse(readFileSync("dvc.yaml", "utf8")) as { stages: Record<string, { deps: string[] }> };
const isCode = (path: string) => /^(src|stages)(\/|$)/.test(path);
const covers = (declared: string, file: string) => file === declared || file.startsWith(`${declared}/`);

for (const [stage, { deps }] of Object.entries(stages)) {
  const declared = deps.filter(isCode);
  const reached = stageFiles(stage);

  test(`${stage}: what its program reaches, less the harness, lies inside what dvc.yaml declares`, () => {
    const missed = reached.filter((file) => !declared.some((path) => covers(path, file)));
    assert.deepEqual(missed, []);
  });

  test(`${stage}: everything that dvc.yaml declares is reached, and nothing of the harness is declared`, () => {
    for (const path of declared) {
      assert.ok(existsSync(path), path);
      assert.ok(!isHarness(`${path}/`), `${path} is harness`);
      assert.ok(
        reached.some((file) => covers(path, file)),
        `${path} is declared, but nothing of it is reached`,
      );
    }
  });
}

test("the harness is made of folders that are there, and serializes no output", () => {
  for (const folder of HARNESS) assert.ok(readdirSync(folder).length > 0, folder);
  // What writes an output is named in a stage's program: none of it comes from the harness but the runner itself.
  for (const stage of Object.keys(stages)) {
    const text = readFileSync(`stages/${stage}.ts`, "utf8");
    const writers = [...text.matchAll(/^import \{([^}]*)\} from "\.\.\/(src\/[^"]+)";$/gm)]
      .filter(([, , file]) => isHarness(file as string))
      .flatMap(([, names]) => (names as string).split(",").map((name) => name.trim()))
      .filter((name) => /^(write|create|draw|render|format)/.test(name) && name !== "writeWhole");
    assert.deepEqual(writers, [], stage);
  }
});

test("stages.lock.json is what package-lock.json and the imports say (`node --import tsx tools/lock-stages.ts` renews it)", () => {
  assert.equal(readFileSync("stages.lock.json", "utf8"), stagesLockText());
});

test("another version of a package changes the digest of the stages that load it, nested ones included, and no other", () => {
  const lock = readFileSync("package-lock.json", "utf8");
  const changedBy = (place: string) => {
    const changed = JSON.parse(lock);
    assert.ok(changed.packages[place], place);
    changed.packages[place].version = "999.0.0";
    const [before, after] = [stagesLockText(), stagesLockText(JSON.stringify(changed))].map((text) => JSON.parse(text));
    return Object.keys(stages)
      .filter((stage) => before[stage] !== after[stage])
      .sort();
  };
  assert.deepEqual(changedBy("node_modules/sharp"), ["extract-bottleneck", "plot", "restore"]);
  assert.deepEqual(changedBy("node_modules/vega-scale"), ["plot"]); // vega's, not ours
  assert.deepEqual(changedBy("node_modules/yargs"), []);
  assert.deepEqual(changedBy("node_modules/fast-check"), []);
});

test("so does another node-canvas, or what it depends on, which the set-up installs beside", () => {
  for (const place of ["node_modules/canvas", "node_modules/tar-fs"]) {
    const changed = JSON.parse(readFileSync("scripts/setup/canvas/package-lock.json", "utf8"));
    assert.ok(changed.packages[place], place);
    changed.packages[place].version = "999.0.0";
    const [before, after] = [stagesLockText(), stagesLockText(undefined, () => JSON.stringify(changed))].map((text) =>
      JSON.parse(text),
    );
    assert.deepEqual(
      Object.keys(stages).filter((stage) => before[stage] !== after[stage]),
      ["plot"],
    );
    assert.equal(after.packages.plot[`.dvc-poison/canvas/${place}`], "999.0.0");
  }
});

test("plot and restore load no TensorFlow", () => {
  for (const stage of ["restore", "poison", "plot"])
    assert.ok(!stageFiles(stage).some((file) => file.startsWith("src/tensorflow/")), stage);
});
