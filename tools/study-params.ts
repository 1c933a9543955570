import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseDocument } from "yaml";
import { root } from "../scripts/setup/paths.mjs";

/** The study's value of every parameter, by keys with dots: what params.yaml is committed with, whatever it holds meanwhile. */
export const STUDY = {
  poison: 0,
  seed: 1,
  "attack.strategy": "random",
  "attack.balance": "equal",
  "data.source": "auto",
  "data.table": "none",
  "data.validation_share": 0.2,
  "data.damaged": "stop",
  "data.layout": "files",
  "data.train_per_class": 1000,
  "data.validation_per_class": 400,
  "image.size": 150,
  "image.resize": "nearest",
  "image.preprocess": "rescale",
  base: "vgg16",
  "features.pool": "none",
  "features.shard_images": 10_000,
  "train.epochs": 10,
  "train.batch_size": 10,
  "train.optimizer": "rmsprop",
  "train.learning_rate": 0.001,
  "train.hidden_units": 256,
  "train.dropout": 0.5,
  "train.standardize": "none",
  "train.export_full": false,
};

/**
 * The text of params.yaml with the study's values, comments and all: tests and benchmarks find the same, whichever experiment a person
 * ran last.
 * @param changes what differs from the study, by keys with dots. @param text of a params.yaml, default the project's.
 */
export function studyParams(
  changes: Record<string, unknown> = {},
  text = readFileSync(join(root, "params.yaml"), "utf8"),
): string {
  const document = parseDocument(text);
  for (const [key, value] of Object.entries({ ...STUDY, ...changes })) document.setIn(key.split("."), value);
  return document.toString({ lineWidth: 0 });
}
