import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync } from "node:fs";
import { join, sep } from "node:path";
import { test } from "node:test";
import { root } from "../../../scripts/setup/paths.mjs";
import { node } from "../../support/node.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a project set up without TensorFlow has none in .venv and in node_modules, and is ready", async (t) => {
  const folder = temporaryFolder(t);
  for (const item of ["scripts", "src", "stages", "package.json", "package-lock.json", ".npmrc", "params.yaml"])
    cpSync(join(root, item), join(folder, item), { recursive: true });
  const setup = join(folder, "scripts", "setup.mjs");
  const first = await node([setup, "--without-tensorflow"]);
  assert.equal(first.code, 0, first.stdout + first.stderr);
  assert.match(first.stdout, /^Python environment: Python 3\.\d+\.\d+ with DVC and MLflow \(/m);

  const found = (place: string, what: RegExp) => {
    const files = readdirSync(join(folder, place), { recursive: true, encoding: "utf8" });
    assert.ok(files.length > 1000, place);
    return files.filter((file) => what.test(file.replaceAll(sep, "/")));
  };
  assert.deepEqual(found(".venv", /site-packages\/(tensorflow|keras|nvidia)/), []);
  assert.deepEqual(found("node_modules", /(^|\/)tfjs(-node|-node-gpu|-backend-\w+)?$/), []); // tfjs-core is there for its types
  assert.ok(!existsSync(join(folder, ".dvc-poison", "tensorflow")));

  const second = await node([setup]);
  assert.match(second.stdout, /^Everything is set up: nothing to do/);
  const doctor = await node([join(folder, "scripts", "doctor.mjs")], { ...process.env, POISON_DEVICE: "" });
  assert.match(doctor.stdout, /^✓ TensorFlow\.js +not installed; a CPU needs none$/m);
  assert.match(doctor.stdout, /^[✓!] Convolutions +(native|wasm)/m);

  const tests = await node([join(folder, "scripts", "bench.mjs")]);
  assert.equal(tests.code, 1);
  assert.match(
    tests.stderr,
    /compare with TensorFlow, and the set-up was asked to do without[\s\S]*npm run setup -- --cpu/,
  );
});
