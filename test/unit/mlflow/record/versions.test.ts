import assert from "node:assert/strict";
import { test } from "node:test";
import { readVersion } from "../../../../src/mlflow/client/version.mjs";
import { end, loss, model, start, tell } from "../../../support/mlflow/events.ts";
import { fakeMlflow } from "../../../support/mlflow/fake-server.ts";

test("the versions that are served, from 2.14 on, and those that have logged models, from 3 on", () => {
  const read = (text: string) => {
    const { supported, loggedModels } = readVersion(text) ?? {};
    return [supported, loggedModels];
  };
  for (const old of ["1.30.1", "2.9.2", "2.13.2"]) assert.deepEqual(read(old), [false, false], old);
  for (const two of ["2.14.0", "2.14", "2.22.1", "2.100.0", "2.14.0rc0\n"])
    assert.deepEqual(read(two), [true, false], two);
  for (const three of ["3.0.0", "3.1.4", "3.12.0.dev0", "4.0"]) assert.deepEqual(read(three), [true, true], three);
  for (const other of ["", "OK", "<html>2.14.0</html>", "v2.14.0", "2"])
    assert.equal(readVersion(other), undefined, other);
});

const EVENTS = [start("train-top"), loss(1, 0.5), { ...model("d".repeat(32)), register: "cats-dogs" }, end("FINISHED")];

for (const [version, who] of [
  ["2.14.0", /the server is MLflow 2\.14\.0: the model m is logged among the files of its run/],
  ["2.22.1", /the server is MLflow 2\.22\.1: the model m is logged among the files of its run/],
  [undefined, /the server knows no logged models: the model m is logged among the files of its run/],
] as const)
  test(`MLflow ${version ?? "that tells no version"}: the model is among the run's files, once, and the run is FINISHED`, async (t) => {
    const server = await fakeMlflow(t);
    server.version = version;
    for (let repeat = 0; repeat < 2; repeat++) {
      const warnings = await tell(server, EVENTS);
      assert.equal(warnings.length, 1, warnings.join());
      assert.match(warnings[0] as string, who);
    }
    const [run, ...others] = server.runs;
    assert.deepEqual([run?.status, others.length, server.models.length], ["FINISHED", 0, 0]);
    assert.deepEqual([...server.artifacts.keys()], ["1/r0/artifacts/m/MLmodel"]);
    assert.equal(server.requests.filter(({ what }) => what.startsWith("PUT")).length, 1);
    const history = JSON.parse(run?.tags["mlflow.log-model.history"] ?? "[]");
    assert.equal(history.length, 1);
    assert.deepEqual([history[0].run_id, history[0].artifact_path], ["r0", "m"]);
    assert.deepEqual(history[0].flavors, { keras: { data: "data" } });
    assert.deepEqual(
      server.registered.map(({ name, source }) => [name, source]),
      [["cats-dogs", "mlflow-artifacts:/1/r0/artifacts/m"]],
    );
  });

test("MLflow 2: another model of the run has a folder of its own", async (t) => {
  const server = await fakeMlflow(t);
  server.version = "2.22.1";
  await tell(server, [start("train-top"), model("a".repeat(32)), model("b".repeat(32)), end("FINISHED")]);
  assert.deepEqual([...server.artifacts.keys()], ["1/r0/artifacts/m/MLmodel", "1/r0/artifacts/m-bbbbbbbb/MLmodel"]);
});

test("older than 2.14: refused by name before anything is logged", async (t) => {
  const server = await fakeMlflow(t);
  server.version = "2.13.2";
  await assert.rejects(tell(server, EVENTS), {
    name: "MlflowError",
    code: "UNSUPPORTED_VERSION",
    ofServer: true,
    transient: false,
    message: /^it is MLflow 2\.13\.2; 2\.14 is the oldest that is logged to/,
  });
  assert.deepEqual(
    server.requests.map(({ what }) => what),
    ["GET version"],
  );
});

test("a server that tells its version to nobody who is not let in says so at the first request", async (t) => {
  const server = await fakeMlflow(t);
  server.before = () => 401;
  await assert.rejects(tell(server, EVENTS), { status: 401, message: /GET version: 401/ });
  assert.equal(server.requests.length, 1);
});
