import { mkdir } from "node:fs/promises";
import { readFeatureFacts } from "../src/features.ts";
import { writeJson, writeJsonRows } from "../src/json.ts";
import { readLabels } from "../src/labels.ts";
import { openRun } from "../src/mlflow/open-run.ts";
import { writeModels } from "../src/model/write-models.ts";
import { input, output, runStage } from "../src/stage.ts";
import { loadTensorFlow } from "../src/tensorflow.ts";
import { followTraining, historyRows, predictionRows, summarize } from "../src/train/report.ts";
import { trainTop } from "../src/train/train.ts";
import { classesOf, openLabelled } from "../src/train/training-set.ts";

await runStage({
  describe:
    "Train the top model on the bottleneck features and the labels, poisoned or not; validate it on true labels.",
  params: ["train", "seed"],
  paths: {
    features: input("folder of bottleneck features"),
    labels: input("label table"),
    model: output("folder of the trained model"),
    metrics: output("metrics of the last epoch, JSON"),
    history: output("loss and accuracy by epoch, JSON"),
    predictions: output("prediction for each validation image, JSON"),
  },
  flags: { register: { describe: "also make the model a version of this registered model of MLflow" } },
  async run({ params: { train: options, seed }, paths, flags, invocation }) {
    const run = await openRun(invocation, { ...paths, register: flags.register });
    const labels = await readLabels(paths.labels);
    const classes = classesOf(labels);
    const train = await openLabelled(paths.features, "train", labels, classes);
    const validation = await openLabelled(paths.features, "validation", labels, classes);
    const { dataset, image, base } = await readFeatureFacts(paths.features);
    const vgg16 = options.export_full ? await (await import("../src/weights/find.ts")).loadVgg16Weights() : undefined;
    const compute = await loadTensorFlow();

    const { progress, onEpoch, onStep } = followTraining(options.epochs, train.classes.length);
    run.training(compute, train.classes.length);
    const settings = { classes: classes.length, seed, params: options };
    const trained = await trainTop(compute, train, validation, settings, {
      onStep,
      onEpoch(epoch) {
        onEpoch(epoch);
        run.epoch(epoch);
      },
    });
    progress.end();

    await mkdir(paths.model);
    const { dropout } = options;
    const facts = { classes, featureShape: train.features.rowShape, dropout, base, image };
    await writeModels(paths.model, trained, facts, vgg16);
    await writeJsonRows(paths.history, historyRows(trained));
    await writeJsonRows(paths.predictions, predictionRows(trained, validation, classes));
    await writeJson(paths.metrics, summarize(trained, labels, classes, dataset, compute.name));
    await Promise.all([train, validation].map(({ features }) => features.close()));
    await run.finish({ training: paths });
  },
});
