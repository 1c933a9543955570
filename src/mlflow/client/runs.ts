import { z } from "zod";
import type { Client } from "./client.ts";

const runStatus = z.enum(["RUNNING", "SCHEDULED", "FINISHED", "FAILED", "KILLED"]);

/** How MLflow writes mappings; it leaves out an empty value. */
export const pairs = z.array(z.object({ key: z.string(), value: z.string().default("") }));

const runAnswer = z.object({
  info: z.object({
    run_id: z.string(),
    experiment_id: z.string(),
    status: runStatus,
    lifecycle_stage: z.string().optional(),
    artifact_uri: z.string().default(""),
    start_time: z.coerce.number().optional(),
    end_time: z.coerce.number().optional(),
    run_name: z.string().optional(),
  }),
  data: z
    .object({
      tags: pairs.optional(),
      params: pairs.optional(),
      metrics: z.array(z.object({ key: z.string() })).optional(),
    })
    .optional(),
  outputs: z.object({ model_outputs: z.array(z.object({ model_id: z.string() })).optional() }).optional(),
});

/** A run's status (https://mlflow.org/docs/latest/rest-api.html#runstatus). */
export type RunStatus = z.infer<typeof runStatus>;

/** What is known of a run on the server. */
export interface Run {
  id: string;
  experimentId: string;
  status: RunStatus;
  /** In the trash. */
  deleted: boolean;
  name: string | undefined;
  /** When it began, milliseconds since 1970. */
  started: number;
  /** When it ended, milliseconds since 1970; nothing while it has not. */
  ended: number | undefined;
  /** Where its artifacts lie, e.g. `mlflow-artifacts:/1/RUN/artifacts`. */
  artifactUri: string;
  tags: Record<string, string>;
  params: Record<string, string>;
  /** Names of the metrics that it has. */
  metrics: string[];
  /** Ids of the logged models it has put out; a search of MLflow 3.1 to 3.5 does not tell them, `getRun` does. */
  models: string[];
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

/** Sets a run's status, and its end in milliseconds since 1970 and its name where they are given. */
export async function updateRun(
  client: Client,
  id: string,
  update: { status: RunStatus; end_time?: number; run_name?: string },
): Promise<void> {
  await client.send("POST", "runs/update", { run_id: id, ...update });
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
  deleted: info.lifecycle_stage === "deleted",
  name: info.run_name,
  started: info.start_time ?? 0,
  ended: info.end_time || undefined,
  artifactUri: info.artifact_uri,
  tags: fromPairs(data?.tags),
  params: fromPairs(data?.params),
  metrics: (data?.metrics ?? []).map(({ key }) => key),
  models: (outputs?.model_outputs ?? []).map((model) => model.model_id),
});

type Pair = z.infer<typeof pairs>[number];

export const toPairs = (record: Record<string, string> = {}): Pair[] =>
  Object.entries(record).map(([key, value]) => ({ key, value }));

export const fromPairs = (pairs: readonly Pair[] = []): Record<string, string> =>
  Object.fromEntries(pairs.map(({ key, value }) => [key, value]));
