import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, test } from "node:test";
import { drawingVersions, GOLDEN, type GoldenRun, goldenRun } from "../../../tools/golden-run.ts";
import { realMlflow } from "../../support/mlflow/real-server.ts";

const golden = JSON.parse(readFileSync(GOLDEN, "utf8")) as GoldenRun;
const server = await realMlflow();
after(() => server.stop());

/** What is pinned here: node-canvas draws other pixels with another Cairo, Pango, FreeType or libjpeg of the system. */
function pinned({ outputs }: GoldenRun): Record<string, string> {
  const same = JSON.stringify(drawingVersions()) === JSON.stringify(golden.drawing);
  const drawn = (path: string) => /^plots\/.*\.(png|jpg)$/.test(path);
  return Object.fromEntries(Object.entries(outputs).filter(([path]) => same || !drawn(path)));
}

test("every declared output of the golden run has the digest that is committed; whoever changes one says so in the CHANGELOG", async () => {
  const run = await goldenRun();
  assert.deepEqual(Object.keys(run.outputs), Object.keys(golden.outputs));
  assert.deepEqual(pinned(run), pinned(golden));
});

test("logging to MLflow changes no byte of any output", async () => {
  const run = await goldenRun({
    MLFLOW_TRACKING_URI: server.uri,
    MLFLOW_EXPERIMENT_NAME: "golden",
    MLFLOW_STRICT: "1",
  });
  assert.deepEqual(pinned(run), pinned(golden));
  const { runs } = await server.verify("golden");
  assert.deepEqual(
    runs.map(({ status }) => status),
    ["FINISHED"],
  );
});
