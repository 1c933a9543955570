import type { ArtifactStore } from "../client/artifact-store.ts";
import { readArtifacts, storeContents } from "../client/artifacts.ts";
import type { Client } from "../client/client.ts";
import type { MlflowError } from "../client/mlflow-error.ts";
import { HISTORY_TAG, historyEntry, modelHistory } from "../client/model-history.ts";
import { addOutput, createModel, finishModel, type LoggedModel, modelsOf, register } from "../client/models.ts";
import { logBatch, type MetricPoint } from "../client/run-data.ts";
import { getRun, type Run } from "../client/runs.ts";
import type { ModelEvent } from "./events.ts";

/** The tag of a logged model that tells whether it is the one to be logged. */
const DIGEST_TAG = "digest";

export interface ModelTarget {
  client: Client;
  run: Run;
  store: ArtifactStore;
  /** The run's start, milliseconds since 1970. */
  time: number;
  warn: (text: string) => void;
  /** The last point of a metric of the run. */
  lastPoint: (key: string) => Promise<MetricPoint | undefined>;
}

/** Logs a model, unless the run has it: as a logged model, with a server of MLflow 2 as files of the run. */
export async function logModel(target: ModelTarget, event: ModelEvent): Promise<void> {
  const { client, run, warn } = target;
  const version = await client.version();
  const known = version?.loggedModels === false ? undefined : await knownModels(client, run, version !== undefined);
  if (known) return logAsModel(target, event, known);
  const server = version ? `the server is MLflow ${version.text}` : "the server knows no logged models";
  warn(
    `${server}: the model ${event.name} is logged among the files of its run; from MLflow 3 on it is a logged model.`,
  );
  return logAsFiles(target, event);
}

/** The logged models of a run; nothing when the server knows no such thing. @param surely it said that it does. */
async function knownModels(client: Client, run: Run, surely: boolean): Promise<LoggedModel[] | undefined> {
  return modelsOf(client, run).catch((error: MlflowError) => {
    if (surely || !error.unknownEndpoint) throw error;
    return undefined;
  });
}

async function logAsModel(target: ModelTarget, event: ModelEvent, models: LoggedModel[]): Promise<void> {
  const { client, run, store, lastPoint } = target;
  const { name, params, digest } = event;
  let model = models.find(({ tags }) => tags[DIGEST_TAG] === digest);
  if (model?.status !== "LOGGED_MODEL_READY") {
    const contents = await wholeModel(target, event);
    if (contents === undefined) return; // a model without its files would stay PENDING
    model ??= await createModel(client, run, { name, params, tags: { [DIGEST_TAG]: digest } });
    await storeContents(store, model.artifactUri, contents);
    await finishModel(client, model.id);
  }
  const { id, metrics } = model;
  const on = (key: string) => {
    const dataset = event.datasets?.[key];
    return dataset && { dataset_name: dataset.name, dataset_digest: dataset.digest };
  };
  await addOutput(client, run, id, event.step);
  const last = await Promise.all(event.metrics.filter((key) => !metrics.includes(key)).map(lastPoint));
  // The same points again, once, now with the model's name on them, and with the data set's: so the model's page knows what it was trained on.
  const shown = last
    .filter((point) => point !== undefined)
    .map((point) => ({ ...point, model_id: id, ...on(point.key) }));
  await logBatch(client, run.id, { metrics: shown });
  if (event.register !== undefined)
    await register(client, run, { source: `models:/${id}`, model_id: id }, event.register);
}

/** As `mlflow.log_model` of MLflow 2 does: `runs:/RUN/NAME` loads it, and the run's page shows it. */
async function logAsFiles(target: ModelTarget, event: ModelEvent): Promise<void> {
  const { client, store, time } = target;
  const run = await getRun(client, target.run.id);
  const id = event.digest.slice(0, 32);
  const history = modelHistory(run);
  const known = history.find((entry) => entry.model_uuid === id);
  // Another model under this name may be a version of a registered model, whose files stay as they are.
  const taken = history.some((entry) => entry.artifact_path === event.name);
  const path = known?.artifact_path ?? (taken ? `${event.name}-${id.slice(0, 8)}` : event.name);
  if (known === undefined) {
    const contents = await wholeModel(target, event);
    if (contents === undefined) return;
    const below = contents.map((content) => ({ ...content, path: `${path}/${content.path}` }));
    await storeContents(store, run.artifactUri, below);
    const mlmodel = contents.find((content) => content.path === "MLmodel")?.bytes ?? "";
    const entry = historyEntry(run, { path, id, time, mlmodel: Buffer.from(mlmodel).toString() });
    await logBatch(client, run.id, { tags: { [HISTORY_TAG]: JSON.stringify([...history, entry]) } });
  }
  if (event.register !== undefined)
    await register(client, run, { source: `${run.artifactUri}/${path}` }, event.register);
}

/** The contents of a model's files; nothing when one is gone, which is said. */
async function wholeModel({ warn }: ModelTarget, { files, name }: ModelEvent) {
  const { contents, gone } = await readArtifacts(files);
  if (gone.length === 0) return contents;
  warn(`${gone.join(", ")}: gone from the disk before it could be logged: the model ${name} is not logged.`);
  return undefined;
}
