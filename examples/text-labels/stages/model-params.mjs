import { OPTIMIZERS } from "dvc-poison/train";
import { z } from "zod";

/** The section `model` of params.yaml: what `trainTop` of dvc-poison/train takes. */
export const modelParams = z.strictObject({
  epochs: z.int().min(1),
  batch_size: z.int().min(1),
  optimizer: z.enum(OPTIMIZERS),
  learning_rate: z.number().positive(),
  hidden_units: z.int().min(1),
  dropout: z.number().min(0).lt(1),
});
