/**
 * The main functions of dvc-poison. Each stands in a module of its own with what belongs to it: `dvc-poison/attacks`, `/features`,
 * `/metrics`, `/mlflow`, `/plots`, `/records`, `/stage`, `/train`.
 *
 * @module dvc-poison
 */
export { poisonLabels } from "./attacks.ts";
export { extractFeatures } from "./features.ts";
export { accuracy, compareAccuracy, memorization, validationMetrics } from "./metrics.ts";
export { openRun, replaySpool, withRun } from "./mlflow.ts";
export { contactSheet, trainingPicture } from "./plots.ts";
export { readLabels, readNpy, writeLabels, writeNpy } from "./records.ts";
export { runStage, StageError } from "./stage.ts";
export { predict, readModel, trainTop, writeModel } from "./train.ts";
