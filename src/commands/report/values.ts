import { isDeepStrictEqual } from "node:util";

/** A value that differs between two revisions; `undefined` where one has none. */
export interface Difference {
  /** Dotted: `train.epochs`. */
  key: string;
  base: unknown;
  head: unknown;
}

/** The values of nested mappings by dotted key, in their order; a list is one value. */
export function leaves(value: unknown, prefix = ""): Map<string, unknown> {
  if (typeof value !== "object" || value === null || Array.isArray(value))
    return new Map(prefix === "" ? [] : [[prefix, value]]);
  return new Map(
    Object.entries(value).flatMap(([key, part]) => [...leaves(part, prefix === "" ? key : `${prefix}.${key}`)]),
  );
}

/** What differs: head's keys in their order, then those that only base has. */
export function differences(base: unknown, head: unknown): Difference[] {
  const [before, after] = [leaves(base), leaves(head)];
  return [...new Set([...after.keys(), ...before.keys()])]
    .map((key) => ({ key, base: before.get(key), head: after.get(key) }))
    .filter((difference) => !isDeepStrictEqual(difference.base, difference.head));
}
