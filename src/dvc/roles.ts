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
export const FORMER_FLAGS: Record<string, string> = { memorised: "memorization" };

/** Keys of metrics that had another name in version 0.1.0. */
export const FORMER_METRICS: Record<string, string> = { wrong_labels_memorised: "wrong_labels_memorized" };

/** Where the training stage reads and writes; there may be more flags, each the path of a file or folder it has written. */
export interface TrainingPaths {
  [flag: string]: string;
  /** Folders. */
  features: string;
  model: string;
  /** Files. */
  labels: string;
  history: string;
  metrics: string;
}
