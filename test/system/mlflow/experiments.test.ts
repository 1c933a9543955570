import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { join, resolve } from "node:path";
import { after, test } from "node:test";
import { parse } from "yaml";
import { flatten } from "../../../src/mlflow/experiment/key.ts";
import { createExperiment } from "../../support/mlflow/experiment.ts";
import { type FoundRun, realMlflow } from "../../support/mlflow/real-server.ts";
import { createProject, type Project } from "../../support/project.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";
import { validationFeatures } from "../../support/validation-features.ts";

const server = await realMlflow();
after(() => server.stop());

const FOUR = ["loss", "accuracy", "val_loss", "val_accuracy"];
const PICTURES = ["poisoned-images.jpg", "training.jpg", "training.png", "wrong-predictions.jpg"];

const sync = (project: Project, ...names: string[]) =>
  project.must("node", "--import", "tsx", resolve("src/commands/mlflow-sync.ts"), ...names);
const md5 = (text: string) => createHash("md5").update(text).digest("hex");

test("experiments of DVC are runs of MLflow, logged live or afterwards", async (t) => {
  const project = createProject(t);
  const { env } = project;
  env.MLFLOW_EXPERIMENT_NAME = "dvc";
  project.must("dvc", "exp", "run", "--name", "past", "-S", "poison=10"); // without a server
  env.MLFLOW_TRACKING_URI = server.uri;
  project.must("dvc", "exp", "run", "--temp", "--name", "live", "-S", "poison=50");
  project.must("dvc", "exp", "apply", "live");
  const again = ["node", "--import", "tsx", "stages/train-top.ts", "--register", "it's cats & dogs"] as const;
  for (let repeat = 0; repeat < 2; repeat++) project.must(...again);

  assert.match(sync(project, "workspace", "past"), /workspace: is there already[\s\S]*past: logged/);
  project.must("git", "tag", "begin");
  project.must("git", "add", "--all");
  project.must("git", "commit", "--quiet", "--message", "Poison 50 %");
  const said = sync(project, "--all");
  for (const name of ["past", "live", "main"]) assert.ok(said.includes(`: ${name}: is there already`), said);
  assert.match(said, /begin: no training in its dvc\.lock/);
  const baseline = project.must("git", "rev-parse", "begin").trim();

  // A killed training, on the real server too.
  const killed = await createExperiment(t, { epochs: 2000 });
  const its = { MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: "dvc" };
  const running = killed.start(["stages/train-top.ts"], its);
  await running.printed("epoch 30 of");
  running.child.kill("SIGKILL");
  await running.ended;
  assert.equal((await killed.sync(its)).code, 0);

  const features = await validationFeatures(
    `${project.folder}/data/bottleneck`,
    join(temporaryFolder(t), "validation.npy"),
  );
  const { runs, model } = await server.verify("dvc", { run: "live", features });
  assert.deepEqual(runs.map(({ name }) => name).sort(), ["live", "past", "poison-10-seed-1"]);
  const named = (name: string) => runs.find((run) => run.name === name) as FoundRun;

  for (const [name, poison] of Object.entries({ live: 50, past: 10 })) {
    const { status, params, tags, metrics, datasets, artifacts, models } = named(name);
    assert.equal(status, "FINISHED", name);
    assert.deepEqual(params, flatten({ ...parse(project.read("params.yaml")), poison }));
    for (const key of FOUR)
      assert.deepEqual(
        metrics[key]?.map(([step]) => step),
        [1, 2],
        `${name} ${key}`,
      );
    for (const [key, points] of Object.entries(metrics))
      if (!FOUR.includes(key)) assert.equal(points.length, 1, `${name} ${key}`);
    // The curves, and what is measured once; what was given, or is no measure, is a tag, and speed stands on a page of its own.
    assert.deepEqual(
      Object.keys(metrics)
        .filter((key) => !/[./]/.test(key))
        .sort(),
      [...FOUR, "generalization_gap"].sort(),
    );
    assert.ok("validation.auroc" in metrics && "memorization.true_labels_learned" in metrics);
    assert.equal("system/images_per_s" in metrics, name !== "past");
    assert.match(tags.best_epoch as string, /^[12]$/);
    assert.deepEqual(
      ["dataset.classes", "dataset.train_images", "dataset.validation_images", "poison_reached"].map(
        (key) => tags[key],
      ),
      ["2", "24", "8", name === "live" ? "50" : "8.333333"],
    );
    const note = tags["mlflow.note.content"] as string;
    assert.match(
      note,
      /^\*\*[\d.]+ % validation accuracy\*\*.*(12|2) of 24 training labels swapped, seed 1\.\n\nData set: `.+\n\n!\[/,
    );
    assert.equal(note.match(/get-artifact\?path=preview%2Ftraining\.png&run_uuid=[0-9a-f]{32}/g)?.length, 1);
    assert.ok(artifacts.includes("preview/training.png"));
    assert.equal(tags.stage, "train-top");
    assert.match(tags.dataset as string, /generated/);
    assert.equal(tags.dvc_exp_name, name);
    assert.equal(tags.dvc_exp_baseline_rev, baseline);
    assert.match(tags["mlflow.source.git.commit"] as string, /^[0-9a-f]{40}$/);
    assert.equal(tags.git_dirty, name === "past" ? "false" : "true"); // `-S` has changed params.yaml
    assert.equal(tags.device, "cpu");
    for (const stage of ["restore", "poison", "extract-bottleneck", "train-top", "plot"])
      assert.match(tags[`stage_version.${stage}`] as string, /^[0-9a-f]{12}$/);
    assert.deepEqual(
      datasets.map(([set, digest, context]) => [set.replace(/.* /, ""), digest.length, context]).sort(),
      [
        ["labels", 32, "training"],
        ["train", 36, "training"],
        ["validation", 36, "validation"],
      ],
    );
    for (const file of ["data/labels.csv", "plots/history.json", "plots/history.csv", "plots/predictions.json"])
      assert.ok(artifacts.includes(file), `${name} ${file}`);
    for (const file of ["params.yaml", "dvc.lock", "metrics/train.json", ...PICTURES.map((file) => `plots/${file}`)])
      assert.ok(artifacts.includes(file), `${name} ${file}`);
    assert.equal(models.length, 1, name);
  }
  // What dvc.lock knew while the stages ran is what it knows afterwards.
  const same = (tag: string) => assert.equal(named("live").tags[tag], named("past").tags[tag], tag);
  for (const stage of ["restore", "poison", "extract-bottleneck", "train-top"]) same(`stage_version.${stage}`);
  const lock = parse(project.read("dvc.lock"));
  const [images] = lock.stages.restore.outs;
  assert.deepEqual(
    named("live")
      .datasets.map(([, digest]) => digest)
      .sort(),
    [...[images.md5, images.md5, md5(project.read("data/labels.csv"))].sort()],
  );
  assert.equal(named("past").tags.dvc_lock?.length, 32);

  const predictions: { probability: number }[] = JSON.parse(project.read("plots/predictions.json"));
  assert.equal(model.probabilities.length, predictions.length);
  for (const [i, { probability }] of predictions.entries())
    assert.ok(Math.abs((model.probabilities[i] as number) - probability) < 2e-6);
  assert.ok(model.same_by_run && model.example_is_first_row);
  assert.match(model.signature.inputs, /float32.*-1, ?1, ?1, ?512/);
  assert.deepEqual(model.classes, ["cats", "dogs"]);
  assert.match(model.status, /READY/);
  assert.deepEqual(model.versions, [["it's cats & dogs", 1]]);
  assert.equal(model.metrics.val_accuracy, named("live").metrics.val_accuracy?.at(-1)?.[1]);
  assert.deepEqual(model.datasets, { train: images.md5, validation: images.md5 });

  const dead = named("poison-10-seed-1");
  assert.equal(dead.status, "KILLED");
  assert.ok(dead.seconds >= 0 && (dead.metrics.loss?.length ?? 0) >= 10);
});
