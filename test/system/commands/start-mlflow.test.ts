import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { test } from "node:test";
import { startMlflow } from "../../../src/commands/sweep/mlflow-server.ts";
import { commit, createHost, type Host } from "../../support/host.ts";
import { freePort } from "../../support/mlflow/real-server.ts";
import { setParams } from "../../support/project.ts";

/** An MLflow that was installed by halves. */
const BROKEN = `#!/bin/sh
[ "$1" = --version ] && exec echo "mlflow, version 3.5.0"
echo "ModuleNotFoundError: No module named 'flask'" >&2
exit 1
`;

/** A sweep beside which this process goes on to answer. */
function sweep({ folder, env }: Host, extra: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; output: string }> {
  const args = ["dvc-poison", "sweep", "--levels", "50", "--start-mlflow"];
  const child = spawn("npx", args, { cwd: folder, env: { ...env, ...extra }, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, output })));
}

const isThere = (uri: string) =>
  fetch(uri).then(
    () => true,
    () => false,
  );

test("--start-mlflow: where a server starts, what keeps it from that, and that it ends with the sweep", async (t) => {
  const host = await createHost(t);
  host.npx("init", "--no-setup");
  setParams(host, ["data.source=generated", "data.train_per_class=12", "data.validation_per_class=4", "image.size=32"]);
  setParams(host, ["train.epochs=2", "train.batch_size=4"]);
  commit(host, "Add dvc-poison");

  // Something else listens at the usual port, and answers to everything.
  const other = createServer((_, response) => response.end("OK")).listen(5000, "127.0.0.1");
  other.on("error", () => {}); // then something listens there already
  t.after(() => other.close());
  const broken = join(host.folder, "../broken");
  mkdirSync(broken);
  writeFileSync(join(broken, "mlflow"), BROKEN, { mode: 0o755 });
  const refused = await sweep(host, { PATH: `${broken}:${host.env.PATH}` });
  assert.equal(refused.code, 1, refused.output);
  assert.match(
    refused.output,
    /^sweep: --start-mlflow: no server comes up at http:\/\/localhost:50(?!00)\d\d: .*ModuleNotFoundError: No module named 'flask'$/m,
  );
  assert.match(refused.output, /→ All that it said: \.mlflow\/server\.log\./);
  assert.match(host.read(".mlflow/server.log"), /ModuleNotFoundError/);
  assert.equal(existsSync(join(host.folder, ".dvc/tmp/sweep")), false, "no experiment has run");

  const uri = `http://127.0.0.1:${await freePort()}`;
  host.env.MLFLOW_TRACKING_URI = uri;
  const { code, output } = await sweep(host);
  assert.equal(code, 0, output);
  assert.match(
    output,
    new RegExp(`^sweep: started MLflow at ${uri}, as MLFLOW_TRACKING_URI says; it stops with it`, "m"),
  );
  assert.match(
    output,
    new RegExp(`^sweep: MLflow: ${uri}/#/experiments/1/runs/[0-9a-f]{32}\\?workflowType=machine_learning$`, "m"),
  );
  assert.match(host.read(".mlflow/server.log"), /Starting MLflow/);
  assert.ok(existsSync(join(host.folder, ".mlflow/mlflow.db")));
  assert.equal(await isThere(uri), false);
});

test("--start-mlflow: a server of another machine is the user's, and none is started beside it", async (t) => {
  const before = process.env.MLFLOW_TRACKING_URI;
  t.after(() => {
    if (before === undefined) delete process.env.MLFLOW_TRACKING_URI;
    else process.env.MLFLOW_TRACKING_URI = before;
  });
  for (const uri of ["https://reviewer:word@mlflow.example.org", "http://127.0.0.1:9/behind/a/path"]) {
    process.env.MLFLOW_TRACKING_URI = uri;
    await (await startMlflow(AbortSignal.timeout(5000))).stop();
    assert.equal(process.env.MLFLOW_TRACKING_URI, uri);
  }
});
