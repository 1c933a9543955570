import type { Artifact } from "../client/artifacts.ts";
import type { ClientOptions } from "../client/client.ts";
import type { DatasetInput } from "../client/run-data.ts";

/** How a run may end. */
export type Ending = "FINISHED" | "FAILED" | "KILLED";

/** A value of a parameter: MLflow keeps it as text. */
export type ParamValue = string | number | boolean;

/** What a run is found or made by, and where what it logs goes. */
export interface OpenOptions {
  /**
   * Name of the experiment, which is created when there is none. Default: `MLFLOW_EXPERIMENT_ID` or
   * `MLFLOW_EXPERIMENT_NAME`, else `Default`.
   */
  experiment?: string;
  /**
   * What makes the run this one and no other, 1–250 characters without quotation marks and backslashes. The run that has it as its tag
   * `run_key` is gone on with; where there is none it is created. Default: a new key, and so a new run.
   */
  key?: string;
  /** MLflow's id of a run that exists: in place of `key`. Default, where there is no key either: `MLFLOW_RUN_ID`, once a process. */
  runId?: string;
  /** What the run is called where it is created. Default: the program's name. */
  name?: string;
  tags?: Record<string, string>;
  params?: Record<string, ParamValue>;
  /** Who logs: the tag `failed_stage` names it while the run is FAILED or KILLED. Default: the running program's name. */
  program?: string;
  /** Address of the server. Default: `MLFLOW_TRACKING_URI`. Credentials come from it, or from MLflow's own variables. */
  uri?: string;
  /** Folder where what the server has not taken waits. Default: `.mlflow/spool` of the working folder. */
  spool?: string;
  /** Whatever cannot be logged is an error, of `settled` and `end`. Default: whether `MLFLOW_STRICT` is 1. */
  strict?: boolean;
  /** Is told each warning, one line. Default: standard error. No secret is in it. */
  onWarning?: (text: string) => void;
  /** How requests are sent. */
  request?: ClientOptions;
}

/** A model as MLflow keeps it: a folder with a file `MLmodel`. */
export interface ModelOptions {
  /** Name of the model, without `/ : . % " '`. Default: `model`. */
  name?: string;
  /** Step of the run at which the model was what it is. Default: 0. */
  step?: number;
  params?: Record<string, ParamValue>;
  /** Metrics of this run that are shown with the model, by name. */
  metrics?: readonly string[];
  /** Name of a registered model that it becomes a version of. */
  register?: string;
  /**
   * Flavors for a folder without a file `MLmodel`, which is then made
   * (https://mlflow.org/docs/latest/ml/model/#storage-format): `{ keras: { data: "data" } }`.
   */
  flavors?: Record<string, object>;
}

/**
 * A run in MLflow. Nothing here waits for the network but `settled` and `end`, and nothing throws because a server is away: what it
 * has not taken waits in the spool. The same again (a metric's value at a step, a tag, a file) is logged once.
 */
export interface MlflowRun {
  /** By which the run is found again. Of a run that was opened by its id: `run:ID`. */
  readonly key: string;
  /** MLflow's id of the run: nothing until the server has told it. */
  readonly id: string | undefined;
  /** A param that the run has with another value stays as it is, and costs a warning. */
  logParams(params: Record<string, ParamValue>): void;
  /** Logs values at one step, by name. @param step whole number, default 0. NaN and infinities are kept. */
  logMetrics(values: Record<string, number>, step?: number): void;
  /** Sets tags; a tag that the run has gets another value. */
  setTags(tags: Record<string, string>): void;
  /** Names the data sets that the run is made from. */
  logDatasets(datasets: readonly DatasetInput[]): void;
  /** Logs a file. It is read when it is sent: until `settled` or `end` it must stay as it is. @param path its path in the run, default its name. */
  logFile(file: string, path?: string): void;
  /** Logs a text as a file. @param path its path in the run. */
  logText(text: string, path: string): void;
  /** Logs several files at once. */
  logArtifacts(files: readonly Artifact[]): void;
  /** Logs a folder as a model, once for each content. @throws StageError when the folder is none of an MLflow model. */
  logModel(folder: string, options?: ModelOptions): Promise<void>;
  /** Waits until all that was logged so far is told, or cannot be. @throws StageError when strict and something could not be logged. */
  settled(): Promise<void>;
  /** Ends the run, and waits at most a minute for what still is to be told. Later calls do nothing. @throws StageError as `settled`. */
  end(status?: Ending): Promise<void>;
}
