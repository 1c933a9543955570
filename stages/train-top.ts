import { mkdir } from "node:fs/promises";
import { evaluateTraining } from "../src/evaluate/evaluate.ts";
import { levelRow, runTable } from "../src/evaluate/run-table.ts";
import { followTraining, predictionRows, summarize } from "../src/evaluate/train-metrics.ts";
import { writeModels } from "../src/export/write-models.ts";
import { openRun } from "../src/mlflow/open-run.ts";
import { roundDeep } from "../src/numbers/round-deep.ts";
import { readFeatureMetadata } from "../src/records/features.ts";
import { writeJson, writeJsonRows, writeJsonTables } from "../src/records/json.ts";
import { readLabels } from "../src/records/labels.ts";
import { writeWhole } from "../src/runtime/atomic-write.ts";
import { input, output, runStage } from "../src/stage/run-stage.ts";
import { type EpochMetrics, trainTop } from "../src/train/fit.ts";
import { loadBackend } from "../src/train/load-backend.ts";
import { classesOf, openLabelled } from "../src/train/training-set.ts";

await runStage({
  describe:
    "Train the top model on the bottleneck features and the labels, poisoned or not; validate it on true labels.",
  params: [
    "seed",
    "train.epochs",
    "train.batch_size",
    "train.optimizer",
    "train.learning_rate",
    "train.hidden_units",
    "train.dropout",
    "train.export_full",
  ],
  paths: {
    features: input("folder of bottleneck features"),
    labels: input("label table"),
    model: output("folder of the trained model"),
    metrics: output("metrics of the last epoch, JSON"),
    validation: output("metrics of the predictions for the validation images, JSON"),
    memorization: output("metrics of the predictions for the poisoned and the other training images, JSON"),
    history: output("loss and accuracy by epoch, JSON; grows while training runs", { live: true }),
    predictions: output("prediction for each validation image, JSON"),
    figures: output("folder of what DVC draws its figures from, JSON"),
  },
  flags: { register: { describe: "also make the model a version of this registered model of MLflow" } },
  async run({ params: { train: options, seed }, paths, flags, invocation }) {
    const run = await openRun(invocation, { ...paths, register: flags.register });
    const labels = await readLabels(paths.labels);
    const classes = classesOf(labels);
    const train = await openLabelled(paths.features, "train", labels, classes);
    const validation = await openLabelled(paths.features, "validation", labels, classes);
    const { dataset, image, base } = await readFeatureMetadata(paths.features);
    const network = options.export_full ? await (await import("../src/weights/find.ts")).loadWeights(base) : undefined;
    const trainer = await loadBackend();

    const { progress, onEpoch, onStep } = followTraining(options.epochs, train.classes.length);
    run.training(trainer, train.classes.length);
    const settings = { classes: classes.length, seed, params: options };
    const history: EpochMetrics[] = [];
    const trained = await trainTop(trainer.build, train, validation, settings, {
      onStep,
      async onEpoch(epoch) {
        onEpoch(epoch);
        run.epoch(epoch);
        history.push(roundDeep(epoch));
        await writeWhole(paths.history, (file) => writeJsonRows(file, history));
      },
    });
    progress.end();

    await mkdir(paths.model);
    const { dropout } = options;
    const facts = { classes, featureShape: train.features.rowShape, dropout, base, image };
    await writeModels(paths.model, trained, facts, network);
    await writeJsonRows(paths.predictions, predictionRows(trained, validation, classes));
    const metrics = summarize(trained, labels, classes, dataset, trainer.name);
    const review = evaluateTraining(trained, { train, validation, labels, classes });
    await writeJson(paths.metrics, metrics);
    await writeJson(paths.validation, review.validation);
    await writeJson(paths.memorization, review.poison);
    const table = runTable({ train: options, seed }, { image, base }, metrics, review);
    await writeJsonTables(paths.figures, { ...review.figures, poison: [levelRow(metrics)], run: table });
    await Promise.all([train, validation].map(({ features }) => features.close()));
    await run.finish({ training: paths });
  },
});
