import { rmSync } from "node:fs";
import { StageError } from "../../runtime/errors.ts";
import type { Client } from "../client/client.ts";
import { experimentId, runsTagged } from "../client/runs.ts";
import { createDelivery, KEY_TAG } from "../record/delivery.ts";
import type { EndEvent, RunEvent, StartEvent } from "../record/events.ts";
import { journalFile, type SpooledRun, setAside } from "../record/spool.ts";

type Deliver = ReturnType<typeof createDelivery>;

/**
 * Tells a server what a journal holds, then removes the journal. The run of a process that was killed becomes KILLED.
 * @param options.through what each delivery goes through, by default nothing. @param options.keepsLaterEnd of {@link createDelivery}.
 * @throws MlflowError, or StageError when it is none; the journal then stays.
 */
export async function deliverJournal(
  client: Client,
  run: SpooledRun,
  warn: (text: string) => void,
  {
    through = (deliver) => deliver,
    keepsLaterEnd = false,
  }: { through?: (deliver: Deliver, warn: (text: string) => void) => Deliver; keepsLaterEnd?: boolean } = {},
): Promise<void> {
  const { events, experiment, strange, written, folder } = run;
  if (experiment === undefined || (events.length > 0 && events[0]?.type !== "start")) {
    throw new StageError(`${journalFile(folder)}: its beginning is not that of a journal; it is left as it is.`, {
      hint: `Mend it, or remove it: rm -r ${folder}`,
    });
  }
  const deliver = through(createDelivery(client, { experiment, replay: true, keepsLaterEnd, warn }), warn);
  if (events.length > 0) for (const event of [...events, ...ending(events, written)]) await deliver(event);
  if (strange.length > 0) {
    const lines = strange.map(({ number }) => number).join(", ");
    warn(`${journalFile(folder)}: line ${lines}: no event that this version knows; kept in ${setAside(run)}.`);
  }
  rmSync(folder, { recursive: true, force: true });
}

/** What a process that is gone can no longer say. */
function ending(events: readonly RunEvent[], written: number): EndEvent[] {
  if (events.some((event) => event.type === "end")) return [];
  return [{ type: "end", time: Math.round(written), status: "KILLED", presumed: true }];
}

/** Tells a server past events of one run, in order. @throws MlflowError */
export async function deliverAll(
  client: Client,
  experiment: string,
  events: readonly RunEvent[],
  warn: (text: string) => void,
): Promise<void> {
  const deliver = createDelivery(client, { experiment, replay: true, warn });
  for (const event of events) await deliver(event);
}

/** Whether a server has this very run, finished by the stage that answers for it. */
export async function isLogged(client: Client, experiment: string, { key, stage }: StartEvent): Promise<boolean> {
  const [run] = await runsTagged(client, await experimentId(client, experiment), KEY_TAG, key);
  return run?.status === "FINISHED" && run.tags.stage === stage;
}
