import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { after, test } from "node:test";
import { launchBrowser, withBrowser } from "../../support/browser.ts";
import { type FoundRun, freePort, realMlflow } from "../../support/mlflow/real-server.ts";
import { createProject } from "../../support/project.ts";

const server = await realMlflow();
after(() => server.stop());

/** What DVC and the stages printed. */
let said = "";

interface Answer {
  predictions: { class: string; probability: number; probabilities: number[] }[];
}

test("with train.export_full, `mlflow models serve` answers to pictures as the training's validation did", async (t) => {
  const project = createProject(t);
  Object.assign(project.env, { MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: "serve" });
  said = project.must("dvc", "exp", "run", "-S", "train.export_full=true", "-S", "image.resize=bilinear");
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
  t.after(() => {
    process.off("exit", kill);
    kill();
  });
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

test(
  "the address that train-top prints opens the run in MLflow's pages, which show what it is, and its model's data sets",
  withBrowser,
  async (t) => {
    const link = /MLflow: (http:\S+)$/m.exec(said)?.[1] as string;
    assert.match(link, /\/runs\/[0-9a-f]{32}\?workflowType=machine_learning$/);
    const { runs } = await server.verify("serve");
    const {
      models: [model],
    } = runs[0] as FoundRun;
    const browser = await launchBrowser();
    t.after(() => browser.close());
    const page = await browser.newPage();
    await page.goto(link);
    await page.getByText(/validation accuracy, .* Poison 0 %: no training label swapped, seed 1\./).waitFor();
    const picture = page.locator("img[src*='get-artifact?path=preview%2Ftraining.png']");
    await picture.waitFor({ state: "attached" });
    await page.waitForFunction(
      "[...document.images].some((one) => /preview/.test(one.src) && one.naturalWidth === 800)",
    );

    const experiment = link.replace(/\/runs\/\w+/, "");
    await page.goto(experiment);
    await page
      .getByRole("link", { name: /^\w+-\w+$/ })
      .first()
      .waitFor();
    assert.match(page.url(), /\/runs\?/, "the runs, and not an empty page of traces");

    await page.goto(experiment.replace("?", `/models/${model}?`));
    await page.getByText("Datasets used").waitFor();
    await page
      .getByText(/^generated.* train \(#[0-9a-f]{32}\.dir\)/)
      .first()
      .waitFor();
  },
);
