import { createHash } from "node:crypto";

/** A nested mapping with dots in its keys: `{train: {epochs: 10}}` is `{"train.epochs": "10"}`. Values as text. */
export function flatten(values: Record<string, unknown>, prefix = ""): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) =>
      typeof value === "object" && value !== null
        ? Object.entries(flatten(value as Record<string, unknown>, `${prefix}${key}.`))
        : [[`${prefix}${key}`, String(value)]],
    ),
  );
}

/** The numbers in a nested mapping, with dots in their names, which hold only what MLflow allows. */
export function numbersIn(values: object, prefix = ""): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, number][] => {
      const name = `${prefix}${key.replaceAll(/[^\p{L}\p{N}_. -]/gu, "_")}`;
      if (typeof value === "number") return [[name, value]];
      return typeof value === "object" && value !== null && !Array.isArray(value)
        ? Object.entries(numbersIn(value, `${name}.`))
        : [];
    }),
  );
}

/**
 * What makes an experiment this one and no other: 32 hexadecimal digits of a SHA-256 over its inputs. The same on every machine, and
 * from dvc.lock alone when the files are gone.
 * @param inputs DVC's digests of label table and features, and the flattened parameters.
 */
export function experimentKey(inputs: { labels: string; features: string; params: Record<string, string> }): string {
  const params = Object.entries(inputs.params).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash("sha256")
    .update(JSON.stringify([inputs.labels, inputs.features, params]))
    .digest("hex")
    .slice(0, 32);
}
