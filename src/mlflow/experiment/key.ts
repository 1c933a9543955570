import { createHash } from "node:crypto";

/** Dotted key to value as text. */
export type FlatParams = Record<string, string>;

/** A nested mapping with dots in its keys: `{train: {epochs: 10}}` is `{"train.epochs": "10"}`. Values as text. */
export function flatten(values: Record<string, unknown>, prefix = ""): FlatParams {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === "object" && value !== null
        ? Object.entries(flatten(value as Record<string, unknown>, `${prefix}${key}.`))
        : [[`${prefix}${key}`, String(value)]],
    ),
  );
}

/** The parameters that stages declare, as leaves (`train.epochs`) or whole sections (`train`): params.yaml may hold those of others. */
export function declaredOf(params: FlatParams, declared: readonly string[]): FlatParams {
  const covers = (key: string) => declared.some((name) => key === name || key.startsWith(`${name}.`));
  return Object.fromEntries(Object.entries(params).filter(([key]) => covers(key)));
}

/**
 * Parameters that came after version 0.1.0, each with the value at which everything is as it was without it. There it counts as absent,
 * so that an experiment which was logged before it came is still the same one when it is repeated.
 */
export const NEUTRAL: FlatParams = {
  "attack.strategy": "random",
  "attack.balance": "equal",
  "data.table": "none",
  "data.validation_share": "0.2",
  "data.damaged": "stop",
  "train.standardize": "none",
  "features.pool": "none",
};

/** Parameters that change how outputs are cut into files, and nothing in them. */
const LAYOUT = new Set(["features.shard_images", "data.layout"]);

/**
 * What makes an experiment this one and no other: 32 hexadecimal digits of a SHA-256 over its inputs. The same on every machine, and
 * from dvc.lock alone when the files are gone.
 * @param inputs digests of label table and features, and the declared parameters.
 */
export function experimentKey(inputs: { labels: string; features: string; params: FlatParams }): string {
  const params = Object.entries(inputs.params)
    .filter(([key, value]) => NEUTRAL[key] !== value && !LAYOUT.has(key))
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([inputs.labels, inputs.features, params]))
    .digest("hex")
    .slice(0, 32);
}
