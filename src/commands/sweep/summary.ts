import { type Estimate, estimate, holm, pairedTTest } from "../../statistics/statistics.ts";

/** What a sweep keeps of each experiment: the last epoch's figures. */
export const FIGURES = ["val_accuracy", "val_loss", "accuracy", "loss", "generalization_gap"] as const;
export type Figure = (typeof FIGURES)[number];

/** One experiment of a sweep that has ended well. */
export interface Result extends Record<Figure, number> {
  /** The level asked for, in %. */
  level: number;
  seed: number;
  poisoned_images: number;
}

/** One poison level over all its seeds. */
export interface LevelSummary extends Record<Figure, Estimate> {
  level: number;
  poisoned_images: number;
  /** Number of seeds. */
  n: number;
  /** Validation accuracy at 0 % minus that at this level, paired by seed; null at 0 % and where no seed has both. */
  drop: Estimate | null;
  /** Two-sided paired t-test of the drop over seeds, as Holm adjusts it for the number of levels; null with fewer than two pairs. */
  p: number | null;
}

/** Sums results up by level, lowest first. */
export function summarizeLevels(results: readonly Result[]): LevelSummary[] {
  const levels = [...new Set(results.map((result) => result.level))].sort((a, b) => a - b);
  const clean = new Map(results.filter((result) => result.level === 0).map((result) => [result.seed, result]));
  const drops = levels.map((level) =>
    results.flatMap((result) => {
      const base = clean.get(result.seed);
      return level !== 0 && result.level === level && base ? [base.val_accuracy - result.val_accuracy] : [];
    }),
  );
  const ps = holm(drops.map(pairedTTest));
  return levels.map((level, i) => {
    const group = results.filter((result) => result.level === level);
    const figures = FIGURES.map((figure) => [figure, estimate(group.map((result) => result[figure]))]);
    const drop = drops[i] as number[];
    return {
      level,
      poisoned_images: group[0]?.poisoned_images as number,
      n: group.length,
      ...(Object.fromEntries(figures) as Record<Figure, Estimate>),
      drop: drop.length > 0 ? estimate(drop) : null,
      p: ps[i] as number | null,
    };
  });
}
