import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RunEvent, StartEvent } from "./events.ts";
import { isAlive, type Owner } from "./owner.ts";

/*
 * The spool, `.mlflow/spool` of the main repository: a folder for each run that is being logged or could not be logged,
 *   journal.jsonl   first line JournalHeader, then one RunEvent a line, in order
 *   files/          copies of the artifacts that wait
 * It is written before anything is sent: whatever happens to process or server, `npm run mlflow:sync` knows what is missing.
 */

/** First line of a journal. No address and no credentials: it goes to the server that is current when it is delivered. */
export interface JournalHeader {
  version: 1;
  experiment: string;
  owner: Owner;
}

/** A journal found in the spool. */
export interface SpooledRun {
  folder: string;
  experiment: string;
  events: RunEvent[];
  /** Whether the process that writes it still runs. */
  alive: boolean;
  /** When it was last written, milliseconds since 1970. */
  written: number;
}

/** The spool of this project; of the main repository when DVC runs a stage in a copy. */
export const spoolFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.DVC_ROOT || ".", ".mlflow", "spool");

export const journalFile = (folder: string): string => join(folder, "journal.jsonl");

/** The journals in a spool, the oldest first. */
export function listJournals(spool: string): SpooledRun[] {
  let names: string[];
  try {
    names = readdirSync(spool);
  } catch {
    return [];
  }
  const found = names.map((name) => readJournal(join(spool, name))).filter((run) => run !== undefined);
  const begin = ({ events }: SpooledRun) => (events[0] as StartEvent | undefined)?.time ?? 0;
  return found.sort((a, b) => begin(a) - begin(b));
}

/** Reads a journal; its last line may be torn. Nothing when there is none. */
export function readJournal(folder: string): SpooledRun | undefined {
  const file = journalFile(folder);
  try {
    const [header, ...events] = readFileSync(file, "utf8").split("\n").flatMap(parsed);
    const { experiment, owner } = header as JournalHeader;
    const written = statSync(file).mtimeMs;
    return { folder, experiment, events: events as RunEvent[], alive: isAlive(owner, written), written };
  } catch {
    return undefined;
  }
}

function parsed(text: string): unknown[] {
  try {
    return [JSON.parse(text)];
  } catch {
    return [];
  }
}
