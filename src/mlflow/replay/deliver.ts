import { rmSync } from "node:fs";
import type { Client } from "../client/client.ts";
import { type ExperimentRef, experimentId, NO_SUCH_ID } from "../client/experiments.ts";
import type { MlflowError } from "../client/mlflow-error.ts";
import { logBatch } from "../client/run-data.ts";
import { createDelivery, type DeliveryOptions, requireSupported } from "../record/delivery.ts";
import type { EndEvent, RunEvent, StartEvent } from "../record/events.ts";
import { runWithKey } from "../record/find-run.ts";
import { setAside, setAsideWhole } from "../record/set-aside.ts";
import { isJournal, type SpooledRun } from "../record/spool.ts";

type Deliver = ReturnType<typeof createDelivery>;

interface JournalOptions extends Pick<DeliveryOptions, "keepsLaterEnd" | "repeatable"> {
  /** What each delivery goes through, by default nothing. */
  through?: (deliver: Deliver, warn: (text: string) => void) => Deliver;
  /** The experiment of now: for a journal whose experiment goes by an id that this server does not have. */
  current?: ExperimentRef;
}

/**
 * Tells a server what a journal holds, then removes the journal. The run of a process that was killed becomes KILLED. What is no journal is
 * set aside.
 * @returns whether it is delivered; not so when it is set aside.
 * @throws MlflowError; the journal then stays.
 */
export async function deliverJournal(
  client: Client,
  run: SpooledRun,
  warn: (text: string) => void,
  { through = (deliver) => deliver, current, ...options }: JournalOptions = {},
): Promise<"delivered" | "set aside"> {
  const { events, experiment, strange, written, folder } = run;
  if (experiment === undefined || !isJournal(run)) {
    setAsideWhole(folder, warn);
    return "set aside";
  }
  const tell = async (experiment: ExperimentRef) => {
    const deliver = through(createDelivery(client, { experiment, replay: true, ...options, warn }), warn);
    if (events.length > 0) for (const event of [...events, ...ending(events, written)]) await deliver(event);
  };
  await tell(experiment).catch((error: MlflowError) => {
    if (error.code !== NO_SUCH_ID || current === undefined) throw error;
    warn(`${error.message}. What waits for it goes to ${current.name ?? `the experiment ${current.id}`}.`);
    return tell(current);
  });
  if (strange.length > 0) setAside(run, warn);
  rmSync(folder, { recursive: true, force: true });
  return "delivered";
}

/** What a process that is gone can no longer say. */
function ending(events: readonly RunEvent[], written: number): EndEvent[] {
  if (events.some((event) => event.type === "end")) return [];
  return [{ type: "end", time: Math.round(written), status: "KILLED", presumed: true }];
}

/** Tells a server past events of one experiment, in order. @throws MlflowError */
export async function deliverAll(
  client: Client,
  experiment: ExperimentRef,
  events: readonly RunEvent[],
  warn: (text: string) => void,
): Promise<void> {
  const deliver = createDelivery(client, { experiment, replay: true, repeatable: true, warn });
  for (const event of events) await deliver(event);
}

/** The tag by which MLflow shows a run below another (https://mlflow.org/docs/latest/ml/tracking/#system-tags). */
const PARENT_TAG = "mlflow.parentRunId";

/** Shows a run that is logged below another one. @param parent its id. @throws MlflowError */
export async function adopt(
  client: Client,
  experiment: ExperimentRef,
  { key }: StartEvent,
  parent: string,
): Promise<void> {
  const run = await runWithKey(client, await experimentId(client, experiment), key);
  if (run !== undefined && run.tags[PARENT_TAG] !== parent)
    await logBatch(client, run.id, { tags: { [PARENT_TAG]: parent } });
}

/** Whether a server has this very run, finished by the stage that answers for it. */
export async function isLogged(
  client: Client,
  experiment: ExperimentRef,
  { key, stage }: StartEvent,
): Promise<boolean> {
  await requireSupported(client);
  const run = await runWithKey(client, await experimentId(client, experiment), key);
  return run?.status === "FINISHED" && run.tags.stage === stage;
}
