import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { type FoundRun, freePort, realMlflow } from "../../support/mlflow/real-server.ts";
import { createProject } from "../../support/project.ts";

const server = await realMlflow();
after(() => server.stop());

interface Answer {
  predictions: { class: string; probability: number; probabilities: number[] }[];
}

test("with train.export_full, `mlflow models serve` answers to pictures as the training's validation did", async (t) => {
  const project = createProject(t);
  Object.assign(project.env, { MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: "serve" });
  project.must("dvc", "exp", "run", "-S", "train.export_full=true", "-S", "image.resize=bilinear");
  const { runs } = await server.verify("serve");
  const [run] = runs as [FoundRun];
  assert.equal(run.models.length, 1);

  const port = await freePort();
  const args = ["models", "serve", "--model-uri", `runs:/${run.id}/full-model`, "--env-manager", "local"];
  const child = spawn("mlflow", [...args, "--port", String(port)], {
    env: project.env,
    stdio: ["ignore", "ignore", "pipe"],
    detached: true,
  });
  const kill = () => child.exitCode === null && process.kill(-(child.pid as number), "SIGKILL");
  process.once("exit", kill);
  t.after(kill);
  let output = "";
  child.stderr.setEncoding("utf8").on("data", (text) => {
    output += text;
  });
  const uri = `http://127.0.0.1:${port}`;
  while (
    !(await fetch(`${uri}/ping`)
      .then(({ ok }) => ok)
      .catch(() => false))
  ) {
    assert.equal(child.exitCode, null, output);
    await new Promise((resolve) => setTimeout(resolve, 300));
  }
  const ask = async (pictures: string[]): Promise<Answer> => {
    const answer = await fetch(`${uri}/invocations`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ dataframe_split: { columns: ["image"], data: pictures.map((text) => [text]) } }),
    });
    const text = await answer.text();
    assert.equal(answer.status, 200, `${text}\n${output}`);
    return JSON.parse(text);
  };

  const known: { image: string; probability: number }[] = JSON.parse(project.read("plots/predictions.json"));
  const files = known.map(({ image }) => readFileSync(join(project.folder, "data/images", image)).toString("base64"));
  const { predictions } = await ask(files);
  assert.equal(predictions.length, 8);
  for (const [i, { probability }] of known.entries()) {
    const answer = predictions[i] as Answer["predictions"][0];
    const [cats, dogs] = answer.probabilities as [number, number];
    assert.ok(Math.abs(dogs - probability) < 1e-4, `${known[i]?.image}: ${dogs}, not ${probability}`);
    assert.ok(Math.abs(cats + dogs - 1) < 1e-6);
    assert.deepEqual([answer.class, answer.probability], cats >= dogs ? ["cats", cats] : ["dogs", dogs]);
  }
  // The example that stands beside the model is such a request, of one grey pixel.
  const example = await fetch(`${server.uri}/api/2.0/mlflow/logged-models/${run.models[0]}`);
  const { artifact_uri } = ((await example.json()) as { model: { info: { artifact_uri: string } } }).model.info;
  const path = `${artifact_uri.replace("mlflow-artifacts:", "")}/serving_input_example.json`;
  const request = await (await fetch(`${server.uri}/api/2.0/mlflow-artifacts/artifacts${path}`)).json();
  assert.equal(
    (await ask((request as { dataframe_split: { data: [string][] } }).dataframe_split.data.flat())).predictions.length,
    1,
  );
});
