import type { Lock } from "../../dvc/lock.ts";
import type { LabelRow } from "../../records/labels/labels.ts";
import type { EpochMetrics } from "../../records/training/history.ts";
import type { Prediction } from "../../records/training/predictions.ts";
import type { TrainMetrics } from "../../records/training/train-metrics.ts";

/** One of the two revisions that a report compares. */
export interface RevisionResults {
  /** As a person calls it: `main (1a2b3c4)`, `the workspace`. */
  name: string;
  /** What metrics/train.json tells. */
  metadata: TrainMetrics;
  history: readonly EpochMetrics[];
  /** Where results and pictures lie, by dvc.yaml: those of one revision need not be those of the other. */
  paths: ResultPaths;
  /** What computed the features, `tensorflow 2.21.0 cpu`; missing where an older version wrote the results. */
  featuresBackend?: string | undefined;
  /** Content of each metrics file, by path. */
  metrics: Record<string, unknown>;
  params: Record<string, unknown>;
  lock: Lock;
  /** Missing when train-top wrote none. */
  predictions: readonly Prediction[] | undefined;
  /** Missing when neither the folder nor DVC has the table. */
  labels: readonly LabelRow[] | undefined;
  /** Markdown: stages whose results are not those of this revision's parameters, code and files. */
  stale: readonly string[];
  /** The committed results, when these are of another run of the revision, on the images of what it is compared with. */
  replaced?: Replaced;
  /** Why there is no such run, when one was asked for. */
  notRunAgain?: string;
}

/** What tells on which images results were got. */
export type Replaced = Pick<RevisionResults, "metadata" | "lock" | "paths">;

/** Paths by the flags of the training stage, and of the stages around it. */
export interface ResultPaths {
  /** Every flag of the training stage. */
  training: Record<string, string>;
  /** Every flag of the stage that draws. */
  pictures: Record<string, string>;
  /** Folder of the images. */
  images: string | undefined;
  labels: string | undefined;
}

/** The last epoch's figures. */
export const last = ({ history }: RevisionResults): EpochMetrics => history.at(-1) as EpochMetrics;
