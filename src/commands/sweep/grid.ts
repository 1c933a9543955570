import { StageError } from "../../runtime/errors.ts";

/** One experiment of a sweep. */
export interface Cell {
  level: number;
  seed: number;
  /** DVC's name for it, e.g. `poison-7.5-seed-1`. */
  name: string;
}

/** The study's levels, in % of the training images. */
export const STUDY_LEVELS = [0, 1, 2.5, 5, 7.5, 10];

/** Every level with every seed: all levels of the first seed, then of the next. */
export function experimentsOf(levels: readonly number[], seeds: readonly number[], label: string): Cell[] {
  return seeds.flatMap((seed) =>
    levels.map((level) => ({ level, seed, name: `poison-${level}-seed-${seed}${label && `-${label}`}` })),
  );
}

/** What tells the experiments of `-S image.preprocess=caffe` from others by name: `preprocess-caffe`. */
export function labelOf(overrides: readonly string[]): string {
  return overrides
    .map((text) =>
      text
        .replace(/^(?:[^=]*\.)?([^=.]+)=/, "$1-")
        .replace(/[^\w.]+/g, "-")
        .replace(/^-+|-+$/g, ""),
    )
    .sort()
    .join("-");
}

/** What tells one experiment of a sweep from another is not for `-S` to set. @throws StageError */
export function checkOverrides(overrides: readonly string[]): void {
  for (const [key, flag] of [
    ["poison", "--levels"],
    ["seed", "--seeds"],
  ] as const) {
    const set = overrides.find((text) => text.startsWith(`${key}=`));
    if (set === undefined) continue;
    throw new StageError(`-S ${set}: the sweep sets ${key} itself.`, {
      hint: `Use ${flag} ${set.slice(key.length + 1)}.`,
    });
  }
}

/** Reads `0,1,2.5`. @throws StageError for what is no percentage. */
export function parseLevels(text: string): number[] {
  const levels = text.split(",").map((part) => (part.trim() === "" ? Number.NaN : Number(part)));
  if (levels.some((level) => !(level >= 0 && level <= 100))) {
    throw new StageError(`--levels ${text}: each level must be a number from 0 to 100.`, {
      hint: "Write for example --levels 0,2.5,10.",
    });
  }
  return [...new Set(levels)].sort((a, b) => a - b);
}

/** Reads `1..5`, `1,2,7` or `3`. @throws StageError for what is no whole number. */
export function parseSeeds(text: string): number[] {
  const range = /^(\d+)\.\.(\d+)$/.exec(text.trim());
  const [from, to] = [Number(range?.[1]), Number(range?.[2])];
  const seeds = range
    ? Array.from({ length: Math.max(0, Math.min(to - from + 1, 10_001)) }, (_, i) => from + i)
    : text.split(",").map((part) => (/^\s*\d+\s*$/.test(part) ? Number(part) : Number.NaN));
  if (seeds.length === 0 || seeds.length > 10_000 || seeds.some((seed) => !(seed <= 2 ** 32 - 1))) {
    throw new StageError(`--seeds ${text}: must be whole numbers such as 1..5 or 1,2,7.`, {
      hint: "Write for example --seeds 1..5.",
    });
  }
  return [...new Set(seeds)];
}
