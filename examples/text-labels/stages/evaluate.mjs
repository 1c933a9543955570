import { readFile, writeFile } from "node:fs/promises";
import { accuracy, compareAccuracy, memorization, predictedClasses, validationMetrics } from "dvc-poison/metrics";
import { withRun } from "dvc-poison/mlflow";
import { historyFile } from "dvc-poison/records";
import { input, output, runStage } from "dvc-poison/stage";
import { modelParams } from "./model-params.mjs";

await runStage({
  describe: "Measure the model on true labels, and compare it with the one that was trained on them.",
  params: ["poison", "seed"], // of the run in MLflow
  own: { model: modelParams },
  paths: {
    predictions: input("what both models make of all texts"),
    history: input("loss and accuracy by epoch"),
    validation: output("metrics on the validation texts"),
    memorization: output("what became of the wrong labels"),
    comparison: output("how far both models differ"),
  },
  async run({ params, own, paths }) {
    const { classes, train, validation } = JSON.parse(await readFile(paths.predictions, "utf8"));
    const { truth, misled, told } = validation;
    const { lost, gained, difference, p } = compareAccuracy(truth, predictedClasses(told), predictedClasses(misled));
    const metrics = {
      validation: { accuracy: accuracy(misled, truth), ...validationMetrics(misled, truth, classes) },
      memorization: memorization({ ...train, predicted: predictedClasses(train.misled) }),
      comparison: { accuracy_of_true_labels: accuracy(told, truth), difference, lost, gained, mcnemar_p: p },
    };
    for (const [name, values] of Object.entries(metrics))
      await writeFile(paths[name], `${JSON.stringify(values, null, 2)}\n`);
    if (process.env.MLFLOW_TRACKING_URI)
      await log({ ...params, ...own.model }, metrics, await historyFile.read(paths.history));
  },
});

/** Logs all this to MLflow, as one run however often it is done. */
async function log(params, metrics, history) {
  const key = Object.entries(params)
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
  const name = `poison-${params.poison}-seed-${params.seed}`;
  await withRun({ experiment: "text-labels", key, name, params }, (run) => {
    for (const { epoch, ...values } of history) run.logMetrics(numbersOf(values), epoch);
    for (const [file, values] of Object.entries(metrics)) {
      run.logMetrics(numbersOf(values, `${file}.`));
      run.logText(JSON.stringify(values, null, 2), `metrics/${file}.json`);
    }
  });
}

/** The numbers in an object, those in its objects by names with dots; null is none. */
function numbersOf(values, prefix = "") {
  const entries = Object.entries(values).flatMap(([name, value]) => {
    if (typeof value === "number") return [[prefix + name, value]];
    return Object.entries(numbersOf(value ?? {}, `${prefix}${name}.`));
  });
  return Object.fromEntries(entries);
}
