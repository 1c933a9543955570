import { z } from "zod";
import type { Client } from "./client.ts";
import type { MlflowError } from "./mlflow-error.ts";
import { fromPairs, getRun, pairs, type Run, toPairs } from "./runs.ts";

/** A model of a run (https://mlflow.org/docs/latest/ml/model/). */
export interface LoggedModel {
  id: string;
  status: string;
  artifactUri: string;
  tags: Record<string, string>;
  /** Names of the metrics that it has. */
  metrics: string[];
}

/** The logged models that a run has put out, also those whose upload broke off. */
export async function modelsOf(client: Client, run: Run): Promise<LoggedModel[]> {
  const query = { experiment_ids: [run.experimentId], filter: `source_run_id = '${run.id}'` };
  const { models = [] } = await client.send("POST", "logged-models/search", query, modelsAnswer);
  return models.map(asModel);
}

/** Creates a logged model, which is PENDING until {@link finishModel}. @param name without `/ : . % " '`. */
export async function createModel(
  client: Client,
  run: Run,
  { name, tags, params }: { name: string; tags: Record<string, string>; params: Record<string, string> },
): Promise<LoggedModel> {
  const body = {
    experiment_id: run.experimentId,
    source_run_id: run.id,
    name,
    tags: toPairs(tags),
    params: toPairs(params),
  };
  const { model } = await client.send("POST", "logged-models", body, z.object({ model: modelAnswer }));
  return asModel(model);
}

/** Says that all files of a logged model are there. */
export async function finishModel(client: Client, id: string): Promise<void> {
  await client.send("PATCH", `logged-models/${id}`, { model_id: id, status: "LOGGED_MODEL_READY" });
}

/** Shows a logged model among the outputs of its run. Once only: MLflow lists it twice, or has its database refuse it. */
export async function addOutput(client: Client, run: Run, model: string, step: number): Promise<void> {
  const { models } = await getRun(client, run.id); // another process, or a request without an answer, may have added it
  if (models.includes(model)) return;
  await client.send("POST", "runs/outputs", { run_id: run.id, models: [{ model_id: model, step }] });
}

/**
 * Makes a model a version of a registered model, unless it is one already.
 * @param model where its files are (`source`), and its id where it is a logged model. @returns the version's number.
 */
export async function register(
  client: Client,
  run: Run,
  { source, ...model }: { source: string; model_id?: string },
  name: string,
): Promise<string> {
  await client.send("POST", "registered-models/create", { name }).catch((error: unknown) => {
    if ((error as MlflowError).code !== "RESOURCE_ALREADY_EXISTS") throw error;
  });
  const { model_versions: versions = [] } = await client.get(
    "model-versions/search",
    { filter: `run_id='${run.id}'` }, // a filter by name cannot quote every name
    z.object({ model_versions: z.array(modelVersion).optional() }),
  );
  const known = versions.find((version) => version.name === name && version.source === source);
  if (known) return known.version;
  const { model_version: created } = await client.send(
    "POST",
    "model-versions/create",
    { name, source, run_id: run.id, ...model },
    z.object({ model_version: modelVersion.pick({ version: true }) }),
  );
  return created.version;
}

const modelVersion = z.object({ name: z.string(), version: z.string(), source: z.string() });

const modelAnswer = z.object({
  info: z.object({ model_id: z.string(), status: z.string(), artifact_uri: z.string(), tags: pairs.optional() }),
  data: z.object({ metrics: z.array(z.object({ key: z.string() })).optional() }).optional(),
});
const modelsAnswer = z.object({ models: z.array(modelAnswer).optional() });

const asModel = ({ info, data }: z.infer<typeof modelAnswer>): LoggedModel => ({
  id: info.model_id,
  status: info.status,
  artifactUri: info.artifact_uri,
  tags: fromPairs(info.tags),
  metrics: (data?.metrics ?? []).map(({ key }) => key),
});
