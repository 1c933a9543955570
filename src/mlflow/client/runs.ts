import { z } from "zod";
import type { Client } from "./client.ts";
import { MlflowError } from "./mlflow-error.ts";

const runStatus = z.enum(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]);

/** How MLflow writes mappings; it leaves out an empty value. */
export const pairs = z.array(z.object({ key: z.string(), value: z.string().default("") }));

const runAnswer = z.object({
  info: z.object({
    run_id: z.string(),
    experiment_id: z.string(),
    status: runStatus,
    artifact_uri: z.string().default(""),
    end_time: z.coerce.number().optional(),
  }),
  data: z.object({ tags: pairs.optional() }).optional(),
  outputs: z.object({ model_outputs: z.array(z.object({ model_id: z.string() })).optional() }).optional(),
});

/** A run's status (https://mlflow.org/docs/latest/rest-api.html#runstatus). */
export type RunStatus = z.infer<typeof runStatus>;

/** What is known of a run on the server. */
export interface Run {
  id: string;
  experimentId: string;
  status: RunStatus;
  /** When it ended, milliseconds since 1970; nothing while it has not. */
  ended: number | undefined;
  /** Where its artifacts lie, e.g. `mlflow-artifacts:/1/RUN/artifacts`. */
  artifactUri: string;
  tags: Record<string, string>;
  /** Ids of the logged models it has put out. */
  models: string[];
}

/** The id of an experiment by its name; it is created when there is none. */
export async function experimentId(client: Client, name: string): Promise<string> {
  try {
    return await existing();
  } catch (error) {
    if ((error as MlflowError).code !== "RESOURCE_DOES_NOT_EXIST") throw error;
  }
  try {
    const answer = z.object({ experiment_id: z.string() });
    return (await client.send("POST", "experiments/create", { name }, answer)).experiment_id;
  } catch (error) {
    if ((error as MlflowError).code !== "RESOURCE_ALREADY_EXISTS") throw error;
    return existing(); // another process was faster
  }
  async function existing(): Promise<string> {
    const answer = z.object({ experiment: z.object({ experiment_id: z.string(), lifecycle_stage: z.string() }) });
    const { experiment } = await client.get("experiments/get-by-name", { experiment_name: name }, answer);
    if (experiment.lifecycle_stage !== "deleted") return experiment.experiment_id;
    throw new MlflowError(`the experiment "${name}" is deleted: restore it, or set MLFLOW_EXPERIMENT_NAME`, {
      status: 400,
    });
  }
}

/** The runs of an experiment that carry a tag, oldest first; deleted ones do not count. */
export async function runsTagged(client: Client, experiment: string, tag: string, value: string): Promise<Run[]> {
  const query = {
    experiment_ids: [experiment],
    filter: `tags.\`${tag}\` = '${value}'`,
    order_by: ["attributes.start_time ASC", "attributes.run_id ASC"],
    max_results: 100,
  };
  const { runs = [] } = await client.send(
    "POST",
    "runs/search",
    query,
    z.object({ runs: z.array(runAnswer).optional() }),
  );
  return runs.map(asRun);
}

/** A run by its id. @throws MlflowError when there is none. */
export async function getRun(client: Client, id: string): Promise<Run> {
  return asRun((await client.get("runs/get", { run_id: id }, z.object({ run: runAnswer }))).run);
}

/** Creates a run, which is RUNNING from then on. @param start milliseconds since 1970. */
export async function createRun(
  client: Client,
  experiment: string,
  { name, start, tags }: { name: string; start: number; tags: Record<string, string> },
): Promise<Run> {
  const body = { experiment_id: experiment, run_name: name, start_time: start, tags: toPairs(tags) };
  return asRun((await client.send("POST", "runs/create", body, z.object({ run: runAnswer }))).run);
}

/** Sets a run's status; an `end` is in milliseconds since 1970. */
export async function updateRun(client: Client, id: string, status: RunStatus, end?: number): Promise<void> {
  await client.send("POST", "runs/update", { run_id: id, status, ...(end !== undefined && { end_time: end }) });
}

/** Moves a run to the trash, where `mlflow gc` finds it. */
export async function deleteRun(client: Client, id: string): Promise<void> {
  await client.send("POST", "runs/delete", { run_id: id });
}

/** Takes a tag off a run, if it is there. */
export async function deleteTag(client: Client, id: string, key: string): Promise<void> {
  await client.send("POST", "runs/delete-tag", { run_id: id, key });
}

const asRun = ({ info, data, outputs }: z.infer<typeof runAnswer>): Run => ({
  id: info.run_id,
  experimentId: info.experiment_id,
  status: info.status,
  ended: info.end_time || undefined,
  artifactUri: info.artifact_uri,
  tags: fromPairs(data?.tags),
  models: (outputs?.model_outputs ?? []).map((model) => model.model_id),
});

type Pair = z.infer<typeof pairs>[number];

export const toPairs = (record: Record<string, string> = {}): Pair[] =>
  Object.entries(record).map(([key, value]) => ({ key, value }));

export const fromPairs = (pairs: readonly Pair[] = []): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
