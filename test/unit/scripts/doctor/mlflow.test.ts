import assert from "node:assert/strict";
import { test } from "node:test";
import { examineMlflow } from "../../../../scripts/doctor/mlflow.mjs";
import { readAddress } from "../../../../src/mlflow/client/address.ts";
import { createClient } from "../../../../src/mlflow/client/client.ts";
import { experimentId } from "../../../../src/mlflow/client/experiments.ts";
import { serve } from "../../../support/http-server.ts";
import { fakeMlflow } from "../../../support/mlflow/fake-server.ts";

const VARIABLES = ["URI", "USERNAME", "PASSWORD", "TOKEN"].map((name) => `MLFLOW_TRACKING_${name}`);

/** What the doctor says with these variables and no other of MLflow's. */
async function doctor(env: Record<string, string>) {
  for (const name of VARIABLES) delete process.env[name];
  Object.assign(process.env, env);
  return examineMlflow();
}

test("the doctor says which MLflow answers, and what it lacks", async (t) => {
  const server = await fakeMlflow(t);
  const said = async (version: string | undefined) => {
    server.version = version;
    return doctor({ MLFLOW_TRACKING_URI: server.uri });
  };
  const at = (text: string) => `${server.uri}${text}`;
  assert.deepEqual(await said("3.5.1"), { label: "MLflow server", text: at(" answers: MLflow 3.5.1") });
  const { text, remedy } = await said("2.22.1");
  assert.equal(text, at(" answers: MLflow 2.22.1: models are logged among the files of their runs"));
  assert.equal(remedy, undefined);
  const old = await said("2.13.2");
  assert.equal(old.text, at(" is MLflow 2.13.2, to which nothing is logged"));
  assert.match(old.remedy as string, /^2\.14 is the oldest .*pip install --upgrade mlflow/);
  assert.match((await said(undefined)).text, /does not tell its version \(MLflow 2\.14 or newer is needed\)/);
  assert.deepEqual(server.runs, []);
});

test("the doctor asks what needs a login, with the stages' credentials in their order", async (t) => {
  const server = await fakeMlflow(t);
  const right = `Basic ${btoa("ann:s3cret")}`;
  const open = ["GET health", "GET version"]; // MLflow tells these to everybody
  server.before = ({ what, authorization }) => (open.includes(what) || authorization === right ? undefined : 401);
  const uri = { MLFLOW_TRACKING_URI: server.uri };
  const word = { MLFLOW_TRACKING_USERNAME: "ann", MLFLOW_TRACKING_PASSWORD: "s3cret" };
  const token = { MLFLOW_TRACKING_TOKEN: "t0ken" };
  const inside = (account: string) => ({ MLFLOW_TRACKING_URI: server.uri.replace("//", `//${account}@`) });
  for (const [env, lets] of [
    [{ ...uri }, false],
    [{ ...uri, ...word }, true],
    [{ ...uri, ...word, ...token }, true],
    [{ ...uri, ...token }, false],
    [{ ...inside("ann:s3cret"), ...token }, true],
    [{ ...inside("ann:wrong"), ...word }, false],
  ] as const) {
    const { text, remedy } = await doctor(env);
    assert.match(text, lets ? / answers: MLflow / : /: it answers 401 Unauthorized$/, JSON.stringify(env));
    assert.equal(remedy?.startsWith("set MLFLOW_TRACKING_USERNAME"), lets ? undefined : true);
    assert.doesNotMatch(`${text} ${remedy}`, /s3cret|t0ken|wrong/);
    // The stages get on in the same way.
    const stage = experimentId(createClient(readAddress(env)), { name: "e" });
    if (lets) assert.equal(await stage, "1");
    else await assert.rejects(stage, { status: 401 });
  }
});

test("what is no MLflow, or is not there, is said with a remedy", async (t) => {
  const page = await serve(t, (_, response) => void response.end("<html>welcome</html>"));
  const moved = await serve(t, (_, response) => void response.writeHead(302, { location: "/login" }).end());
  for (const [uri, text, remedy] of [
    [page, /it answers, but not as MLflow does$/, /correct MLFLOW_TRACKING_URI/],
    [moved, /it answers 302 Found$/, /correct MLFLOW_TRACKING_URI/],
    ["http://ann:s3cret@127.0.0.1:9", /^http:\/\/127\.0\.0\.1:9: /, /^start the server/],
    ["ftp://ann:s3cret@host/x", /^ftp:\/\/host\/x is not the address of a server$/, /http:\/\/… or https:\/\/…/],
  ] as const) {
    const finding = await doctor({ MLFLOW_TRACKING_URI: uri });
    assert.match(finding.text, text);
    assert.match(finding.remedy as string, remedy);
  }
  assert.deepEqual(await doctor({}), {
    label: "MLflow server",
    text: "MLFLOW_TRACKING_URI is not set: runs are not logged",
  });
});
