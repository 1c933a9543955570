import type { EpochMetrics } from "../records/training/history.ts";
import type { TrainingFiles } from "./experiment/results.ts";

/** The stage whose run it is, and who tells when it ends before its time. */
export interface LoggedStage {
  /** Its name. */
  stage: string;
  /** All of params.yaml, `-S` applied. */
  params: object;
  onAbort(hook: (ending: "failed" | "killed") => Promise<void>): void;
}

/** The run of an experiment in MLflow, as a stage sees it. Nothing here waits for the network but `finish`. */
export interface TrackedRun {
  /** The training begins. @param images how many one epoch has. */
  training(compute: { name: string; backend: string; device: string }, images: number): void;
  /** @param figures of one epoch, by metric. */
  epoch(figures: EpochMetrics): void;
  /** Logs what the stage has written, and ends the run. */
  finish(results: { training: TrainingFiles } | { pictures: string[] }): Promise<void>;
}

export interface RunOptions {
  /** The experiment's inputs. Default: what dvc.yaml hands to the training stage. */
  labels?: string;
  features?: string;
  /** The stage only adds to the run that the training stage answers for, from these files: by its flags, and others. */
  joins?: Record<string, string>;
  /** Name of a registered model that the model becomes a version of. */
  register?: string | undefined;
}
