import { mkdir } from "node:fs/promises";
import { evaluateTraining } from "../src/evaluate/evaluate.ts";
import { followTraining } from "../src/evaluate/follow-training.ts";
import { predictionRows } from "../src/evaluate/predictions.ts";
import { levelRows, runTable } from "../src/evaluate/run-table.ts";
import { summarize } from "../src/evaluate/train-metrics.ts";
import { writeModels } from "../src/export/write-models.ts";
import { openRun } from "../src/mlflow/open-run.ts";
import { roundDeep } from "../src/numbers/round-deep.ts";
import { readLabels } from "../src/records/labels/labels.ts";
import { writeFigures } from "../src/records/training/figures.ts";
import { type EpochMetrics, historyFile } from "../src/records/training/history.ts";
import { memorizationFile } from "../src/records/training/memorization.ts";
import { predictionsFile } from "../src/records/training/predictions.ts";
import { trainMetricsFile } from "../src/records/training/train-metrics.ts";
import { validationMetricsFile } from "../src/records/training/validation-metrics.ts";
import { writeWhole } from "../src/runtime/atomic-write.ts";
import { input, output, runStage } from "../src/stage/run-stage.ts";
import { trainTop } from "../src/train/fit.ts";
import { loadBackend } from "../src/train/load-backend.ts";
import { openTrainingSet } from "../src/train/training-set.ts";

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
    "train.standardize",
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
    await using set = await openTrainingSet(paths.features, labels);
    const { classNames, train, validation } = set;
    const { dataset, image, base, pool } = set.metadata;
    const network = options.export_full ? await (await import("../src/weights/find.ts")).loadWeights(base) : undefined;
    const trainer = await loadBackend();

    const { progress, onEpoch, onStep } = followTraining(options.epochs, train.targets.length);
    run.training(trainer, train.targets.length);
    const settings = { numClasses: classNames.length, seed, params: options };
    const history: EpochMetrics[] = [];
    const trained = await trainTop(trainer.build, train, validation, settings, {
      onStep,
      async onEpoch(epoch) {
        onEpoch(epoch);
        run.epoch(epoch);
        history.push(roundDeep(epoch));
        await writeWhole(paths.history, (file) => historyFile.write(file, history));
      },
    });
    progress.end();

    await mkdir(paths.model);
    const { dropout } = options;
    const exported = {
      classes: classNames,
      featureShape: train.features.rowShape,
      dropout,
      base,
      image,
      ...(pool && { pool }),
    };
    await writeModels(paths.model, trained, exported, network);
    const backends = { backend: trainer.backend, features: set.metadata.backend };
    const metrics = summarize(trained, labels, dataset, backends);
    const evaluation = evaluateTraining(trained, set, labels);
    const table = runTable({ train: options, seed }, set.metadata, metrics, evaluation);
    await predictionsFile.write(paths.predictions, predictionRows(trained, set));
    await trainMetricsFile.write(paths.metrics, metrics);
    await validationMetricsFile.write(paths.validation, evaluation.validation);
    await memorizationFile.write(paths.memorization, evaluation.memorization);
    await writeFigures(paths.figures, { ...evaluation.figures, poison: levelRows(metrics, table), run: table });
    await run.finish({ training: paths });
  },
});
