import { resolve } from "node:path";
import { warn as printWarning } from "../../runtime/say.ts";
import { createClient } from "../client/client.ts";
import { MlflowError } from "../client/mlflow-error.ts";
import { experimentOf, onceEach, timeout_s } from "../experiment/settings.ts";
import { listJournals, spoolFolder } from "../record/spool.ts";
import { deliverJournal } from "../replay/deliver.ts";
import { addressOf } from "./address.ts";
import { endedHere } from "./ended-here.ts";
import type { OpenOptions } from "./run.ts";
import { skipRefused } from "./skip-refused.ts";

/** Where the spool is, and whom to tell. */
export type ReplayOptions = Pick<OpenOptions, "uri" | "spool" | "onWarning" | "request">;

/** A record that was in the spool. */
export interface ReplayedRun {
  /** Its name; of a journal that cannot be read, its folder. */
  name: string;
  /**
   * What became of it: told to the server; left, because its program still runs; left, because of a fault; no record of a run, and so moved
   * to the folder `set-aside` beside the spool.
   */
  outcome: "delivered" | "running" | "waiting" | "set aside";
  /** The fault. No secret is in it. */
  reason?: string;
}

/**
 * Tells a server what waits in the spool, the oldest first, and takes it away there. A run whose program is gone without a word becomes
 * KILLED; one that was gone on with, and ended, meanwhile keeps that ending. What the server has already is not logged twice, and what
 * fails stays for the next time.
 *
 * @example
 * ```ts
 * import { openRun, replaySpool } from "dvc-poison/mlflow";
 *
 * const silent = { onWarning() {} };
 * const run = openRun({ ...silent, uri: "http://127.0.0.1:9", key: "reviews-bayes", name: "bayes" }); // nobody is there
 * run.logMetrics({ accuracy: 0.91 });
 * await run.end();
 * const told = await replaySpool();
 * console.log(told.map(({ name, outcome }) => `${name} ${outcome}`)); // → [ 'bayes delivered' ]
 * ```
 *
 * @throws StageError when the address is none of a server.
 */
export async function replaySpool(options: ReplayOptions = {}): Promise<ReplayedRun[]> {
  const { uri, spool = spoolFolder(), onWarning = printWarning, request } = options;
  const client = createClient(addressOf(uri), {
    timeout_s: timeout_s(),
    ...request,
  });
  const warn = onceEach((text) => onWarning(`warning: MLflow: ${text}`));
  const outcomes: ReplayedRun[] = [];
  let absent: string | undefined;
  for (const journal of listJournals(spool)) {
    const [first] = journal.events;
    const name = first?.type === "start" ? first.name : journal.folder;
    if (journal.alive && !endedHere.has(resolve(journal.folder))) outcomes.push({ name, outcome: "running" });
    else if (absent !== undefined) outcomes.push({ name, outcome: "waiting", reason: absent });
    else
      try {
        const options = { through: skipRefused, keepsLaterEnd: true, current: experimentOf("Default") };
        outcomes.push({ name, outcome: await deliverJournal(client, journal, warn, options) });
      } catch (error) {
        const { message } = error as Error; // whatever is the matter with one record, the others are to be told
        outcomes.push({ name, outcome: "waiting", reason: message });
        if (error instanceof MlflowError && error.ofServer) absent = message;
      }
  }
  return outcomes;
}
