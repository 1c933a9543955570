import { StageError } from "../../runtime/errors.ts";
import type { ExperimentRef } from "../client/experiments.ts";

/**
 * The experiment of MLflow that runs belong to: `MLFLOW_EXPERIMENT_ID` and `MLFLOW_EXPERIMENT_NAME`, which must be of one where both are set.
 * @param name when neither is.
 */
export function experimentOf(name = "dvc-poison", env: NodeJS.ProcessEnv = process.env): ExperimentRef {
  const id = env.MLFLOW_EXPERIMENT_ID || undefined;
  const set = env.MLFLOW_EXPERIMENT_NAME || undefined;
  return id === undefined ? { name: set ?? name } : { id, name: set };
}

/** The run that is to be logged into, by MLflow's id of it: `MLFLOW_RUN_ID`. @throws StageError when it cannot be one. */
export function runIdOf(env: NodeJS.ProcessEnv = process.env): string | undefined {
  const id = env.MLFLOW_RUN_ID || undefined;
  if (id === undefined || /^[\w-]{1,64}$/.test(id)) return id;
  throw new StageError(`MLFLOW_RUN_ID is ${JSON.stringify(id.slice(0, 80))}; it must be the id of a run.`, {
    hint: "MLflow shows it with the run; unset it and each experiment is a run of its own.",
  });
}

/** Seconds that a request may take: MLflow's own variable, but not its two minutes as the default. */
export const timeout_s = (env: NodeJS.ProcessEnv = process.env): number => Number(env.MLFLOW_HTTP_REQUEST_TIMEOUT) || 5;

/** A function that passes each text on once. */
export function onceEach(say: (text: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    said.add(text);
    say(text);
  };
}
