import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import type { RunEvent } from "../../../../src/mlflow/record/events.ts";
import { end, loss, model, start, tell } from "../../../support/mlflow/events.ts";
import { type FakeMlflow, fakeMlflow } from "../../../support/mlflow/fake-server.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const FILES: RunEvent = { type: "artifacts", files: [{ path: "plots/a b.json", text: "{}" }] };
const EVENTS = [start("train-top"), loss(1, 0.5), FILES, model("d"), end("FINISHED")];

const uploads = ({ requests }: FakeMlflow) => requests.filter(({ what }) => what.startsWith("PUT"));

for (const kind of ["path", "file: address"])
  test(`artifacts in a folder that server and stages share, a ${kind}: files and model are there`, async (t) => {
    const server = await fakeMlflow(t);
    const place = temporaryFolder(t);
    server.artifactRoot = place;
    server.artifactAddress = kind === "path" ? place : pathToFileURL(place).href;
    assert.deepEqual(await tell(server, EVENTS), []);
    assert.equal(readFileSync(join(place, "r0/artifacts/plots/a b.json"), "utf8"), "{}");
    assert.match(readFileSync(join(place, "models/m0/artifacts/MLmodel"), "utf8"), /keras/);
    assert.deepEqual(readdirSync(join(place, "r0/artifacts")), ["plots"], "of the trial nothing stays");
    assert.deepEqual([server.models[0]?.status, server.runs[0]?.status], ["LOGGED_MODEL_READY", "FINISHED"]);
    assert.equal(uploads(server).length, 0);
  });

test("artifacts out of reach: said once, with what helps an experiment that exists; no model is PENDING", async (t) => {
  const here = temporaryFolder(t);
  for (const place of ["s3://bucket/1", "file://elsewhere/mlruns/1", "relative/1", join(here, "of-another-machine")]) {
    const server = await fakeMlflow(t);
    server.artifactAddress = place;
    server.artifactRoot = join(here, "of-the-server");
    const warnings = await tell(server, EVENTS, { repeatable: true });
    const said = [...new Set(warnings)];
    assert.equal(said.length, 1, said.join("\n"));
    assert.match(
      said[0] as string,
      /files and models are not logged.*--serve-artifacts.*MLFLOW_EXPERIMENT_NAME.*mlflow.sync.*workspace/,
    );
    assert.ok(!said[0]?.includes("bucket"));
    assert.deepEqual([server.models, uploads(server)], [[], []]);
    const [run] = server.runs;
    assert.deepEqual([run?.status, run?.metrics.length], ["FINISHED", 1]);
    assert.deepEqual(readdirSync(here), [], "nothing is written where nobody would find it");
    assert.ok(!existsSync("relative"));
  }
});

test("a store that cannot be asked for just now leaves no model PENDING, and is asked again", async (t) => {
  const server = await fakeMlflow(t);
  const place = temporaryFolder(t);
  server.artifactRoot = place;
  server.artifactAddress = place;
  server.before = ({ what }) => (what === "GET artifacts/list" ? 500 : undefined);
  await assert.rejects(tell(server, EVENTS), { status: 500 });
  assert.equal(server.models.length, 0);
  server.before = () => undefined;
  await tell(server, EVENTS);
  assert.equal(server.models[0]?.status, "LOGGED_MODEL_READY");
});
