import type { Artifact } from "../client/artifacts.ts";
import type { DatasetInput, MetricValue } from "../client/run-data.ts";

/** Begins the record of a run, or goes on with the one that has the same key. */
export interface StartEvent {
  type: "start";
  /** Milliseconds since 1970, as all times. */
  time: number;
  /** What makes the experiment this one and no other: the run is found again by it. */
  key: string;
  /** Who logs: the stage's name. */
  stage: string;
  /** The stage only adds to a run that another stage answers for. */
  joins: boolean;
  name: string;
  params: Record<string, string>;
  tags: Record<string, string>;
  datasets: DatasetInput[];
}

export interface MetricsEvent {
  type: "metrics";
  time: number;
  step: number;
  values: Record<string, MetricValue>;
  /** Measured anew by each repeat, like a duration: the first measurement stays. */
  once?: boolean;
}

export interface TagsEvent {
  type: "tags";
  tags: Record<string, string>;
}

export interface ArtifactsEvent {
  type: "artifacts";
  files: Artifact[];
}

/** A model with all its files, `MLmodel` among them. */
export interface ModelEvent {
  type: "model";
  /** Without `/ : . % " '`. */
  name: string;
  /** Tells whether the run has this very model already. */
  digest: string;
  step: number;
  files: Artifact[];
  params: Record<string, string>;
  /** Metrics of this run to be shown with the model, by name. */
  metrics: string[];
  /** Name of a registered model that it becomes a version of. */
  register?: string;
}

export interface EndEvent {
  type: "end";
  time: number;
  status: "FINISHED" | "FAILED" | "KILLED";
  /** Concluded from a process that is gone: only a run that is still RUNNING gets this status. */
  presumed?: boolean;
}

/**
 * All that is ever logged of a run, as data: what a server is told, and what waits on disk for a server that is not there.
 * Each may be delivered twice without harm.
 */
export type RunEvent = StartEvent | MetricsEvent | TagsEvent | ArtifactsEvent | ModelEvent | EndEvent;

/** A number as MLflow and JSON can hold it. */
export const metricValue = (value: number): MetricValue =>
  Number.isFinite(value) ? value : (String(value) as MetricValue);
