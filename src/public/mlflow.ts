/**
 * A client for MLflow runs that any program can use: runs that are found again by a key, params, metrics, data sets, files and models,
 * written down before they are sent. A server that is away costs one warning; {@link replaySpool} tells it later.
 *
 * The environment is MLflow's own: `MLFLOW_TRACKING_URI`, `MLFLOW_TRACKING_USERNAME` and `_PASSWORD`, `MLFLOW_TRACKING_TOKEN`,
 * `MLFLOW_EXPERIMENT_NAME`, `MLFLOW_HTTP_REQUEST_TIMEOUT` (seconds, default 5), `MLFLOW_STRICT`. Credentials are never shown.
 *
 * @module mlflow
 */
import { type Client, type ClientOptions, createClient as createClientAt } from "../mlflow/client/client.ts";
import { timeout_s } from "../mlflow/experiment/settings.ts";
import { addressOf } from "../mlflow/run/address.ts";

export type { Artifact } from "../mlflow/client/artifacts.ts";
export type { Client, ClientOptions } from "../mlflow/client/client.ts";
export { MlflowError } from "../mlflow/client/mlflow-error.ts";
export type { DatasetInput } from "../mlflow/client/run-data.ts";
export { openRun, withRun } from "../mlflow/run/open.ts";
export { type ReplayedRun, type ReplayOptions, replaySpool } from "../mlflow/run/replay.ts";
export type { Ending, MlflowRun, ModelOptions, OpenOptions, ParamValue } from "../mlflow/run/run.ts";

/**
 * A client for MLflow's REST interface, for what {@link openRun} does not offer: it logs in, asks again when a server says that it cannot
 * just now, and checks each answer.
 *
 * @example
 * ```ts
 * import { createClient } from "dvc-poison/mlflow";
 * import { z } from "zod";
 *
 * const client = createClient();
 * const answer = z.object({ experiment: z.object({ name: z.string() }) });
 * const { experiment } = await client.get("experiments/get", { experiment_id: "0" }, answer);
 * console.log(experiment.name); // → Default
 * ```
 *
 * @param uri address of the server, default `MLFLOW_TRACKING_URI`. Credentials come from it, else from MLflow's own variables.
 * @throws StageError when it is not the address of a web server.
 */
export function createClient(uri?: string, options: ClientOptions = {}): Client {
  return createClientAt(addressOf(uri), {
    timeout_s: timeout_s(),
    ...options,
  });
}
