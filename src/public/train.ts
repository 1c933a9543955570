/**
 * Training the small dense top model on features of anything (images, texts, sensors), predicting with it, and its files.
 *
 * @module train
 */
export type { ImageParams } from "../records/features/image-params.ts";
export type { EpochMetrics } from "../records/training/history.ts";
export type { Device } from "../runtime/device.ts";
export { OPTIMIZERS, type TrainParams } from "../train/optimizer.ts";
export { STANDARDIZATIONS, type Standardization } from "../train/standardize.ts";
export type { TopModel, TopWeights } from "../train/top-model.ts";
export type { LabelledTable } from "./train/labelled.ts";
export {
  type ModelNotes,
  predict,
  readModel,
  type Top,
  type TrainedModel,
  type TrainOptions,
  trainTop,
  writeModel,
} from "./train/train.ts";
