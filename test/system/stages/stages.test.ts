import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const STAGES = readdirSync("stages").map((file) => file.replace(/\.ts$/, ""));

/** A folder with the project's params.yaml and dvc.yaml, and no data. */
function workspace(t: TestContext): string {
  const folder = temporaryFolder(t);
  for (const file of ["params.yaml", "dvc.yaml", "package.json"]) cpSync(file, join(folder, file));
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

/** Everything in a folder but what {@link workspace} put there, empty folders aside. */
const left = (folder: string) =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(
    (name) =>
      !name.startsWith("node_modules") && !/^(params\.yaml|dvc\.yaml|package\.json|data|metrics|plots)$/.test(name),
  );

for (const stage of STAGES) {
  test(`${stage} --help says what it does, its parameters, and the paths of dvc.yaml as defaults`, (t) => {
    const { status, stdout } = run(workspace(t), stage, ["--help"]);
    assert.equal(status, 0);
    assert.match(stdout, /Parameters of params\.yaml: \w/);
    assert.match(stdout, /--set/);
    assert.match(stdout, /\[default: "(data|plots|metrics)\/\S+"\]/);
  });

  test(`${stage}: every bad parameter is named, and nothing is left behind`, (t) => {
    const folder = workspace(t);
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
    assert.deepEqual(left(folder), []);
  });

  test(`${stage}: an unknown flag is refused`, (t) => {
    const { status, stderr } = run(workspace(t), stage, ["--posion", "5"]);
    assert.equal(status, 1);
    assert.match(stderr, /Unknown argument: posion/);
  });

  if (stage === "restore") continue;
  test(`${stage}: a missing input is named with the remedy, and nothing is left behind`, (t) => {
    const folder = workspace(t);
    const { status, stderr } = run(folder, stage, []);
    assert.equal(status, 1);
    assert.match(stderr, /^\S+: (data|metrics|plots)\/\S+: /m);
    assert.match(stderr, /→ .*dvc repro/);
    assert.deepEqual(left(folder), []);
  });
}

test("a device that is not there is an error that says what to do", async (t) => {
  const folder = workspace(t);
  const { loadTensorFlow } = await import("../../../src/tensorflow/load.ts");
  await assert.rejects(loadTensorFlow("tpu"), { message: 'POISON_DEVICE is "tpu"; it must be auto, gpu, cpu, wasm.' });
  if (existsSync("/proc/driver/nvidia/version")) return t.skip("this machine has a GPU");
  await assert.rejects(loadTensorFlow("gpu"), { name: "StageError", message: /finds no usable GPU/ });
  assert.deepEqual(left(folder), []);
});
