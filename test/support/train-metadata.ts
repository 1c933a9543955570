import type { TrainMetrics } from "../../src/records/training/train-metrics.ts";

/** Metrics of a training on 2,000 images, so many of them poisoned. */
export const metadataOf = (poisoned_images: number, validation_images = 800): TrainMetrics => ({
  loss: 1,
  accuracy: 0.9,
  val_loss: 1,
  val_accuracy: 0.8,
  best_epoch: 2,
  generalization_gap: 0.1,
  poison: poisoned_images / 20,
  poisoned_images,
  dataset: { name: "cats-dogs", classes: 2, train_images: 2000, validation_images },
  backend: "webassembly simd cpu",
});
