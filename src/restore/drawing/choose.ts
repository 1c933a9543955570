import type { Random } from "../../numbers/random.ts";

/** An interval to draw from. */
export type Range = readonly [from: number, to: number];

/** Uniform in a range. */
export const between = (random: Random, [from, to]: Range): number => from + (to - from) * random.float();

/** True with the given probability. */
export const chance = (random: Random, probability: number): boolean => random.float() < probability;

/** One of the items, each as likely. */
export const pick = <T>(random: Random, items: readonly T[]): T => items[random.integer(items.length)] as T;

/** One of the items, as likely as its weight says. */
export function pickWeighted<T extends { weight: number }>(random: Random, items: readonly T[]): T {
  let left = random.float() * items.reduce((sum, item) => sum + item.weight, 0);
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return items.at(-1) as T;
}

/** The results of `count` calls; a fraction is rounded. */
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: Math.round(count) }, (_, index) => make(index));
