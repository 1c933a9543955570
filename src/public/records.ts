/**
 * The files between the stages, one reader and writer each: what is written is checked as what is read. A `JsonFile` reads and writes
 * JSON, `labels.csv` is a table, features are .npy in parts with an index of their rows.
 *
 * @module records
 */
export type { FeatureReader, FeatureWriter } from "../records/features/features.ts";
export { createFeatures, openFeatures } from "../records/features/features.ts";
export type { FeatureMetadata } from "../records/features/features-metadata.ts";
export type { ImageParams } from "../records/features/image-params.ts";
export { readFeatureMetadata } from "../records/features/read-rows.ts";
export { classNamesOf, type ImageEntry, listImages, SPLITS, type Split } from "../records/format/image-folder.ts";
export type { JsonFile } from "../records/format/json.ts";
export { countImages, type Dataset, digestOf, readDataset, writeDataset } from "../records/images/dataset.ts";
export {
  formatLabels,
  type LabelRow,
  type LabelTable,
  parseLabels,
  poisonLevel,
  readLabels,
  swappedRows,
  writeLabels,
} from "../records/labels/labels.ts";
export { type Figures, figureFiles, writeFigures } from "../records/training/figures.ts";
export { type EpochMetrics, historyFile } from "../records/training/history.ts";
export { type Memorization, memorizationFile } from "../records/training/memorization.ts";
export { type ModelDescription, type ModelMetadata, modelFile } from "../records/training/model.ts";
export { type Prediction, predictionsFile, probabilityOf } from "../records/training/predictions.ts";
export { type TrainMetrics, trainMetricsFile } from "../records/training/train-metrics.ts";
export { type ValidationMetrics, validationMetricsFile } from "../records/training/validation-metrics.ts";
export { type FloatArray, readNpy, writeNpy } from "./records/npy.ts";
