import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { studyParams } from "../../../tools/study-params.ts";
import { catsAndDogs, listing, write } from "../../support/image-fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const STAGES = readdirSync("stages").map((file) => file.replace(/\.ts$/, ""));

/** A folder with what a stage needs beside its inputs, and no data. */
function workspace(t: TestContext): string {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "params.yaml"), studyParams());
  for (const file of ["dvc.yaml", "stages.lock.json", "package.json"]) cpSync(file, join(folder, file));
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  return folder;
}

function run(folder: string, stage: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["--import", "tsx", resolve(`stages/${stage}.ts`), ...args],
    { cwd: folder, env: { ...process.env, ...env }, encoding: "utf8" },
  );
  return { status, stdout, stderr };
}

for (const stage of STAGES) {
  test(`${stage} --help says what it does, its parameters, and the paths of dvc.yaml as defaults`, (t) => {
    const { status, stdout } = run(workspace(t), stage, ["--help"]);
    assert.equal(status, 0);
    assert.match(stdout, /^Parameters: \w/m);
    assert.match(stdout, /--set/);
    assert.match(stdout, /\[default: "(data|plots|metrics)\/\S+"\]/);
  });

  test(`${stage}: every bad parameter is named before anything is touched`, (t) => {
    const folder = workspace(t);
    const before = readdirSync(folder);
    const { status, stderr } = run(folder, stage, [
      "-S",
      "poison=101",
      "-S",
      "train.epochs=ten",
      "-S",
      "data.sorce=auto",
    ]);
    assert.equal(status, 1);
    assert.match(stderr, /poison is 101; it must be at most 100\./);
    assert.match(stderr, /train\.epochs is "ten"; it must be a number\./);
    assert.match(stderr, /unknown parameter "data\.sorce"; allowed here: source, /);
    assert.match(stderr, /→ /);
    assert.deepEqual(readdirSync(folder), before);
  });

  test(`${stage}: an unknown flag is refused`, (t) => {
    const { status, stderr } = run(workspace(t), stage, ["--posion", "5"]);
    assert.equal(status, 1);
    assert.match(stderr, /Unknown argument: posion/);
  });

  if (stage === "restore") continue;
  test(`${stage}: a missing input is named with the remedy, and no file is left behind`, async (t) => {
    const folder = workspace(t);
    const before = await listing(folder);
    const { status, stderr } = run(folder, stage, []);
    assert.equal(status, 1);
    assert.match(stderr, /^\S+: (data|metrics|plots)\/\S+: /m);
    assert.match(stderr, /→ .*dvc repro/);
    assert.deepEqual(await listing(folder), before);
  });
}

test("poison: writes the level asked for and the one reached, and says what a class could not give", async (t) => {
  const folder = workspace(t);
  await write(join(folder, "data/images"), catsAndDogs(3));
  for (let i = 4; i <= 9; i++) writeFileSync(join(folder, `data/images/train/cats/cat.${i}.jpg`), "");
  const settings = ["poison=70", "attack.balance=equal"].flatMap((setting) => ["-S", setting]);
  const { status, stdout, stderr } = run(folder, "poison", settings);
  assert.equal(status, 0, stderr);
  assert.match(
    stdout,
    /^poison: 8 of 12 training images swapped, 66\.67 % instead of 70 % \(5 cats, 3 dogs\), seed 1$/m,
  );
  assert.match(
    stderr,
    /^poison: warning: params\.yaml: poison is 70: .* "dogs" \(3\) is too small .* up to 5 of each\.$/m,
  );
  assert.deepEqual(JSON.parse(readFileSync(join(folder, "metrics/labels.json"), "utf8")), {
    poison_asked: 70,
    poison_reached: 66.666667,
    poisoned_classes: 2,
  });
});

test("poison: what fails after the label table is written leaves none, and the table of an earlier run as it was", async (t) => {
  const folder = workspace(t);
  await write(join(folder, "data/images"), catsAndDogs());
  writeFileSync(join(folder, "data/labels.csv"), "earlier");
  mkdirSync(join(folder, "taken"));
  writeFileSync(join(folder, "taken/file"), "");
  const before = await listing(folder);
  const failed = run(folder, "poison", ["--materialize", "taken"]);
  assert.equal(failed.status, 1);
  assert.match(failed.stderr, /^poison: --materialize taken: the folder is not empty\.$/m);
  assert.deepEqual(await listing(folder), before);
  assert.equal(readFileSync(join(folder, "data/labels.csv"), "utf8"), "earlier");

  assert.equal(run(folder, "poison", []).status, 0, "and once nothing is in its way, it writes the table");
  assert.match(readFileSync(join(folder, "data/labels.csv"), "utf8"), /^image,split,label,true_label\n/);
});
