import { StageError } from "../runtime/errors.ts";
import { commandLine } from "../runtime/installation.mjs";
import type { LoggedStage, RunOptions, TrackedRun } from "./tracked-run.ts";

const SILENT: TrackedRun = { training() {}, epoch() {}, async finish() {} };

/**
 * Opens the run of this experiment, found again by what the experiment is made of. Without `MLFLOW_TRACKING_URI` nothing is logged
 * and nothing is loaded. An MLflow server that fails costs a warning; with `MLFLOW_STRICT=1` it is an error.
 * @throws StageError when strict, and for `register` without a server.
 */
export async function openRun(invocation: LoggedStage, options: RunOptions = {}): Promise<TrackedRun> {
  if (!process.env.MLFLOW_TRACKING_URI) {
    if (options.register === undefined) return SILENT;
    throw new StageError(`--register ${options.register}: there is no MLflow server to register a model with.`, {
      hint: `Set MLFLOW_TRACKING_URI; \`${commandLine("mlflow")}\` starts a server at http://localhost:5000.`,
    });
  }
  const { openTrackedRun } = await import("./experiment/open.ts");
  return (await openTrackedRun(invocation, options)) ?? SILENT;
}
