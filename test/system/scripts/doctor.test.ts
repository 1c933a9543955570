import assert from "node:assert/strict";
import { test } from "node:test";
import { root } from "../../../scripts/setup/paths.mjs";
import { attempt } from "../../../scripts/setup/run.mjs";

const doctor = (env: NodeJS.ProcessEnv) =>
  attempt(process.execPath, ["scripts/doctor.mjs"], { cwd: root, env: { ...process.env, ...env } });

test("the doctor finds this folder ready, and an MLflow server that is down worth a line only", async () => {
  const { ok, output } = await doctor({ MLFLOW_TRACKING_URI: "http://ada:s3cret@127.0.0.1:9", POISON_DEVICE: "" });
  assert.ok(ok, output);
  assert.match(output, /^✓ DVC +\d+\.\d+/m);
  assert.match(output, /^[✓!] TensorFlow\.js +\d+\.\d+.* on tensorflow /m);
  assert.match(output, /^[✓!] Convolutions +(native|wasm) /m);
  assert.match(output, /^✓ params\.yaml +valid: poison/m);
  assert.match(output, /^! MLflow server +http:\/\/127\.0\.0\.1:9: .*\n +→ start the server/m);
  assert.doesNotMatch(output, /s3cret/);
});

test("a device that does not exist is a fault that ends the doctor with 1", async () => {
  const { ok, output } = await doctor({ POISON_DEVICE: "abacus" });
  assert.equal(ok, false);
  assert.match(output, /^✗ Convolutions +do not compute: [\s\S]*abacus[\s\S]*→ .*unset POISON_DEVICE/m);
  assert.match(output, /The pipeline cannot run yet\.\s*$/);
});

test("the device that is asked for is the one that is examined", async () => {
  const { output } = await doctor({ POISON_DEVICE: "wasm-plain" });
  assert.match(output, /^✓ Convolutions +wasm simd, as POISON_DEVICE=wasm-plain says$/m);
  const foreign = process.arch === "x64" ? "neon" : "avx2";
  const other = await doctor({ POISON_DEVICE: `native-${foreign}` });
  assert.match(other.output, new RegExp(`^✗ Convolutions +.* as POISON_DEVICE=native-${foreign} says`, "m"));
});
