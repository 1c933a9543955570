import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { describeFolder } from "../../../src/dvc/folder-digest.ts";
import { readAddress } from "../../../src/mlflow/client/address.ts";
import { createClient } from "../../../src/mlflow/client/client.ts";
import type { MlflowError } from "../../../src/mlflow/client/mlflow-error.ts";
import { logBatch } from "../../../src/mlflow/client/run-data.ts";
import { experimentKey, flatten } from "../../../src/mlflow/experiment/key.ts";
import { numbersIn } from "../../../src/mlflow/experiment/metric-names.ts";
import { isAlive, thisProcess } from "../../../src/mlflow/record/owner.ts";
import { importClosure } from "../../../tools/import-closure.ts";
import { serve } from "../../support/http-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const uri = "http://host:5000/mlflow/";
const basic = (account: string) => `Basic ${btoa(account)}`;

test("credentials come from MLflow's variables, in its order, and the address is shown without them", () => {
  const address = (env: NodeJS.ProcessEnv) => readAddress({ MLFLOW_TRACKING_URI: uri, ...env });
  const word = { MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: "s3cret" };
  const token = { MLFLOW_TRACKING_TOKEN: "t0ken" };
  assert.deepEqual(address({}), { base: "http://host:5000/mlflow", authorization: undefined, secrets: [] });
  assert.equal(address({ ...word, ...token }).authorization, basic("ann:s3cret"));
  assert.equal(address(token).authorization, "Bearer t0ken");
  const inside = address({ ...token, MLFLOW_TRACKING_URI: "https://ann:p%40ss@host/" });
  assert.equal(inside.authorization, basic("ann:p@ss"));
  assert.equal(inside.base, "https://host");
  assert.deepEqual(inside.secrets, ["p%40ss", "p@ss", "t0ken"]);
});

test("an address that is no web address is refused without its password", () => {
  for (const bad of [
    "",
    "file:./mlruns",
    "postgresql://ann:s3cret@db/mlflow",
    "http://ann:x/s3cret@host",
    "ftp://ann:x@s3cret@host",
    "http://",
  ]) {
    assert.throws(
      () => readAddress({ MLFLOW_TRACKING_URI: bad }),
      (error: Error) => /must be the address of a server/.test(error.message) && !error.message.includes("s3cret"),
    );
  }
});

test("errors name the request, the status and MLflow's reason; secrets are struck out", async (t) => {
  const server = await serve(t, (request, response) => {
    if (request.url?.includes("echo")) {
      const message = `who is ${request.headers.authorization}, t0ken, at http://ann:t0ken@host?`;
      response.writeHead(400).end(JSON.stringify({ error_code: "INVALID_PARAMETER_VALUE", message }));
    } else if (request.url?.includes("moved")) response.writeHead(302, { location: "https://ann:pw@host/" }).end();
    else response.end("<html>please log in</html>");
  });
  const client = createClient(readAddress({ MLFLOW_TRACKING_URI: server, MLFLOW_TRACKING_TOKEN: "t0ken" }));
  const fails = (endpoint: string, message: RegExp) =>
    assert.rejects(client.send("POST", endpoint, {}), (error: MlflowError) => {
      assert.match(error.message, message);
      assert.doesNotMatch(error.message, /t0ken|pw/);
      assert.equal(error.transient, false);
      return true;
    });
  await fails("echo", /^POST mlflow\/echo: 400 Bad Request who is Bearer \*\*\*, \*\*\*, at http:\/\/host\?$/);
  await fails("moved", /redirects to https:\/\/host\//);
  await fails("login", /the answer is not MLflow's/);
});

test("a busy server is asked again, after as long as it says; one that is silent is not", async (t) => {
  const times: number[] = [];
  const server = await serve(t, (request, response) => {
    times.push(performance.now());
    if (request.url?.includes("silent")) return;
    if (times.length < 3) response.writeHead(503, { "retry-after": "1" }).end();
    else response.end("{}");
  });
  const client = createClient(readAddress({ MLFLOW_TRACKING_URI: server }), { timeout_s: 0.3 });
  await client.send("POST", "busy", {});
  assert.equal(times.length, 3);
  assert.ok((times[1] as number) - (times[0] as number) >= 990);
  await assert.rejects(client.send("POST", "silent", {}), /POST mlflow\/silent: no answer within 0\.3 s/);
  assert.equal(times.length, 4);
});

test("log-batch stays within MLflow's limits, and says NaN as a text", async () => {
  const sent: { metrics: unknown[]; params: unknown[]; tags: unknown[] }[] = [];
  const client = { send: async (_: string, __: string, body: unknown) => void sent.push(body as (typeof sent)[0]) };
  const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, "v"]));
  const metrics = Array.from({ length: 2001 }, (_, step) => ({
    key: "loss",
    value: "NaN" as const,
    timestamp: 1,
    step,
  }));
  await logBatch(client as never, "r", { metrics, params: many(101), tags: many(5) });
  const sizes = sent.map(({ metrics, params, tags }) => [metrics.length, params.length, tags.length]);
  assert.deepEqual(sizes, [
    [1000, 100, 5],
    [1000, 1, 0],
    [1, 0, 0],
  ]);
  assert.match(JSON.stringify(sent[2]), /"value":"NaN"/);
});

test("client and record know nothing of this project but the floor below", () => {
  for (const folder of ["client", "record"]) {
    for (const file of readdirSync(`src/mlflow/${folder}`))
      for (const other of importClosure(`src/mlflow/${folder}/${file}`))
        assert.match(other, /^src\/(mlflow\/(client|record)|runtime)\//, `${folder}/${file}`);
  }
});

test("the key depends on every input and on nothing else", () => {
  const params = flatten({ poison: 7.5, train: { epochs: 10, shape: { rows: 2 } } });
  assert.deepEqual(params, { poison: "7.5", "train.epochs": "10", "train.shape.rows": "2" });
  const inputs = { labels: "a", features: "b", params };
  const key = experimentKey(inputs);
  assert.match(key, /^[0-9a-f]{32}$/);
  assert.equal(experimentKey({ ...inputs, params: Object.fromEntries(Object.entries(params).reverse()) }), key);
  const others = [{ labels: "x" }, { features: "x" }, { params: { ...params, poison: "7" } }];
  assert.equal(new Set([key, ...others.map((other) => experimentKey({ ...inputs, ...other }))]).size, 4);
});

test("metrics are the numbers of a file, under names that MLflow takes", () => {
  const file = { auroc: 0.9, none: null, recall: { "big cat (tabby)": 1, dog: 0.5 }, list: [1], name: "x" };
  const expected = { "v.auroc": 0.9, "v.recall.big cat _tabby_": 1, "v.recall.dog": 0.5 };
  assert.deepEqual(numbersIn(file, "v."), expected);
});

test("a folder's digest is DVC's", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "data/b"), { recursive: true });
  for (const [file, text] of Object.entries({ "b/ü.txt": "1", "a.txt": "2", "b.txt": "" }))
    writeFileSync(join(folder, "data", file), text);
  const dvc = (...args: string[]) =>
    execFileSync(resolve(".venv/bin/dvc"), args, { cwd: folder, env: { ...process.env, DVC_NO_ANALYTICS: "1" } });
  dvc("init", "--quiet", "--no-scm");
  dvc("add", "--quiet", "data");
  const noted = /md5: (\w+\.dir)/.exec(execFileSync("cat", [join(folder, "data.dvc")], { encoding: "utf8" }))?.[1];
  assert.equal((await describeFolder(join(folder, "data"))).md5, noted);
});

test("a process is told from another that has its number", () => {
  const own = thisProcess();
  assert.ok(isAlive(own, 0));
  assert.ok(!isAlive({ ...own, started: "1 another boot" }, Date.now()));
  const { pid } = spawnSync("true");
  assert.ok(!isAlive({ ...own, pid }, Date.now()));
  const elsewhere = { ...own, host: "elsewhere" };
  assert.ok(isAlive(elsewhere, Date.now() - 60_000)); // cannot be asked; it wrote a minute ago
  assert.ok(!isAlive(elsewhere, Date.now() - 2 * 3_600_000));
});

test("npm run mlflow says when the port is taken", async (t) => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const { status, stderr } = spawnSync(process.execPath, ["scripts/mlflow.mjs", "--port", String(port)], {
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`port ${port} is taken[\\s\\S]*--port ${port + 1}`));
});
