/**
 * Which stage of dvc.yaml plays which part for those who look at a run from outside: MLflow, report and sweep. Where a stage reads and
 * writes, dvc.yaml says: `--metrics metrics/train.json` in the command of the training stage is the path of its `metrics`.
 */
export const STAGES = {
  /** Restores the images: `out`. */
  images: "restore",
  /** Writes the label table: `out`. */
  labels: "poison",
  /** Trains: `features`, `labels`, `model`, `metrics`, `history`, `predictions`. */
  training: "train-top",
  /** Draws: `png`, `jpg`, `poisoned`, `wrong`. */
  pictures: "plot",
} as const;

/** Flags that had another name in version 0.1.0, whose commits and experiments are still read. */
const FORMER_FLAGS = new Map([["memorised", "memorization"]]);

/** Keys of metrics that had another name in version 0.1.0. */
const FORMER_METRICS = new Map([["wrong_labels_memorised", "wrong_labels_memorized"]]);

const renamed = <T>(values: Record<string, T>, names: ReadonlyMap<string, string>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [names.get(key) ?? key, value]));

/** The flags of a stage's command by the names that they have today. */
export const currentFlags = (flags: Record<string, string>): Record<string, string> => renamed(flags, FORMER_FLAGS);

/** The content of a file of metrics by the keys that they have today. The level of poison stood beside the number of images once. */
export function currentMetrics<T>(metrics: Record<string, T>): Record<string, T> {
  const { poison, ...others } = renamed(metrics, FORMER_METRICS);
  return (poison === undefined || Object.hasOwn(others, "poisoned_images") ? others : { ...others, poison }) as Record<
    string,
    T
  >;
}
