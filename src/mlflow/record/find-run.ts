import type { Client } from "../client/client.ts";
import { type ExperimentRef, experimentId } from "../client/experiments.ts";
import { MlflowError } from "../client/mlflow-error.ts";
import { createRun, deleteRun, getRun, type Run, runsTagged } from "../client/runs.ts";
import type { StartEvent } from "./events.ts";

/** The tag by which a run is found again. */
export const KEY_TAG = "run_key";

/** Milliseconds after which a run is looked for whose creation was not answered, each time before it is created again. */
const LATE_MS = [400, 1200, 3000];

/** A run, and whether it was created for this. */
export interface FoundRun {
  run: Run;
  created: boolean;
}

/** The run that an event begins or goes on with: the one that it names, else the one with its key, else a new one. */
export async function findOrCreate(
  client: Client,
  ref: ExperimentRef,
  event: StartEvent,
  warn: (text: string) => void,
): Promise<FoundRun> {
  const named = event.run_id === undefined ? undefined : await namedRun(client, event.run_id, event, warn);
  if (named) return { run: named, created: false };
  const { name, time, tags, key } = event;
  const experiment = await experimentId(client, ref);
  const before = await runWithKey(client, experiment, key);
  if (before) return { run: before, created: false };
  let own: Run;
  try {
    own = await createRun(client, experiment, { name, start: time, tags: { ...tags, [KEY_TAG]: key } });
  } catch (error) {
    const late = (error as MlflowError).status === undefined && (await lateRun(client, experiment, key));
    if (!late) throw error;
    return { run: late, created: late.started === time }; // by another process it would be by another clock
  }
  const run = (await runWithKey(client, experiment, key)) ?? own;
  if (run.id !== own.id) await deleteRun(client, own.id).catch(unlessGone); // another process was faster
  return { run, created: run.id === own.id };
}

/**
 * The run with a key: the oldest that holds anything, else the oldest. A server that was slow to create a run has left an empty one that was
 * begun at the very same millisecond, when it was asked again: that one is deleted.
 */
export async function runWithKey(client: Client, experiment: string, key: string): Promise<Run | undefined> {
  const runs = await runsTagged(client, experiment, KEY_TAG, key);
  const run = runs.find((found) => !isEmpty(found)) ?? runs[0];
  const surplus = runs.filter((other) => other !== run && isEmpty(other) && other.started === run?.started);
  for (const { id } of surplus) await deleteRun(client, id).catch(unlessGone);
  return run;
}

const isEmpty = ({ params, metrics, status }: Run) =>
  status === "RUNNING" && metrics.length + Object.keys(params).length === 0;

function unlessGone(error: MlflowError): void {
  if (error.code !== "RESOURCE_DOES_NOT_EXIST" && error.code !== "INVALID_PARAMETER_VALUE") throw error;
}

/** A run whose creation was not answered in time may be there soon. */
async function lateRun(client: Client, experiment: string, key: string): Promise<Run | undefined> {
  for (const wait of LATE_MS) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    const run = await runWithKey(client, experiment, key);
    if (run) return run;
  }
  return undefined;
}

/** The run that was asked for by its id; nothing when it is not there, or holds another experiment: then this one gets its own. */
async function namedRun(
  client: Client,
  id: string,
  { key }: StartEvent,
  warn: (text: string) => void,
): Promise<Run | undefined> {
  const mustBe = isKeyOfId(key);
  const found = await getRun(client, id).catch((error: MlflowError) => {
    if (mustBe || error.code !== "RESOURCE_DOES_NOT_EXIST") throw error;
    return undefined;
  });
  const other = found?.tags[KEY_TAG] ?? key;
  if (found && !found.deleted && (mustBe || other === key)) return found;
  const why = found === undefined ? "is not on this server" : found.deleted ? "is deleted" : "is another experiment's";
  if (mustBe) throw new MlflowError(`the run ${id} ${why}: restore it`, { status: 400 });
  warn(`MLFLOW_RUN_ID: the run ${id} ${why}: this experiment gets a run of its own.`);
  return undefined;
}

/** Whether a key stands for nothing but the id of a run. */
export const isKeyOfId = (key: string): boolean => key.startsWith("run:");
