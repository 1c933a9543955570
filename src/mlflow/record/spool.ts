import { lstatSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import { z } from "zod";
import { parseJson } from "../../runtime/parse-json.ts";
import type { ExperimentRef } from "../client/experiments.ts";
import { eventSchema, type RunEvent } from "./events.ts";
import { isAlive, ownerSchema } from "./owner.ts";

/*
 * The spool, `.mlflow/spool` of the main repository: a folder for each run that is being logged or could not be logged,
 *   journal.jsonl   first line JournalHeader, then one RunEvent a line, in order
 *   files/          copies of the artifacts that wait
 * It is written before anything is sent: whatever happens to process or server, mlflow-sync knows what is missing.
 */

const headerSchema = z.object({
  version: z.literal(1),
  experiment: z.string().describe("its name; empty where it goes by its id alone"),
  experiment_id: z.string().optional(),
  owner: ownerSchema,
});

/** First line of a journal. No address and no credentials: it goes to the server that is current when it is delivered. */
export type JournalHeader = z.infer<typeof headerSchema>;

/** A journal found in the spool, or what lies there in the place of one. */
export interface SpooledRun {
  folder: string;
  /** Nothing when the first line is not that of a journal. */
  experiment: ExperimentRef | undefined;
  events: RunEvent[];
  /** Lines that are no events, with their numbers from 1: of another version, edited, or damaged. */
  strange: { number: number; bytes: Uint8Array }[];
  /** Whether the process that writes it still runs. */
  alive: boolean;
  /** When it was last written, milliseconds since 1970. */
  written: number;
}

/** The spool of this project; of the main repository when DVC runs a stage in a copy. */
export const spoolFolder = (env: NodeJS.ProcessEnv = process.env): string =>
  join(env.DVC_ROOT || ".", ".mlflow", "spool");

export const journalFile = (folder: string): string => join(folder, "journal.jsonl");

/** Whether it can be delivered: by its first line it is a journal, and a run begins in it before anything is logged. */
export const isJournal = ({ experiment, events }: SpooledRun): boolean =>
  experiment !== undefined && (events.length === 0 || events[0]?.type === "start");

/** Whether the run that it holds came to its end. */
export const isFinished = ({ events }: SpooledRun): boolean =>
  events.some((event) => event.type === "end" && event.status === "FINISHED");

/** All that lies in a spool, the oldest first; what is no journal among it. */
export function listJournals(spool: string): SpooledRun[] {
  let names: string[];
  try {
    names = readdirSync(spool).filter((name) => !name.startsWith(".")); // .DS_Store
  } catch {
    return [];
  }
  const found = names.flatMap((name) => {
    const folder = join(spool, name);
    const nothing = { folder, experiment: undefined, events: [], strange: [], alive: false, written: changed(folder) };
    return readJournal(folder) ?? (nothing.written === undefined ? [] : { ...nothing, written: nothing.written });
  });
  const begin = ({ events: [first] }: SpooledRun) => (first?.type === "start" ? first.time : 0);
  return found.sort((a, b) => begin(a) - begin(b));
}

/** When something was last written; nothing when it is gone: another process was done with it. */
function changed(path: string): number | undefined {
  return lstatSync(path, { throwIfNoEntry: false })?.mtimeMs;
}

/** Reads a journal; a last line without its end is torn: its process was killed while it wrote it. Nothing when there is none. */
export function readJournal(folder: string): SpooledRun | undefined {
  const file = journalFile(folder);
  let lines: Buffer[];
  let written: number;
  try {
    lines = linesOf(readFileSync(file));
    written = statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
  const header = parseJson(headerSchema, lines[0]?.toString() ?? "");
  const events: RunEvent[] = [];
  const strange: SpooledRun["strange"] = [];
  for (const [i, bytes] of lines.entries()) {
    const event = i > 0 ? parseJson(eventSchema, bytes.toString()) : undefined;
    if (event !== undefined) events.push(withCopies(event, folder));
    else if (i > 0) strange.push({ number: i + 1, bytes });
  }
  const alive = header !== undefined && isAlive(header.owner, written);
  return { folder, experiment: header && refOf(header), events, strange, alive, written };
}

/** An event whose files are found from everywhere. */
const withCopies = (event: RunEvent, folder: string): RunEvent =>
  "files" in event
    ? {
        ...event,
        files: event.files.map((part) => ("file" in part ? { ...part, file: resolve(folder, part.file) } : part)),
      }
    : event;

const refOf = ({ experiment: name, experiment_id: id }: JournalHeader): ExperimentRef =>
  id === undefined ? { name } : { id, name: name || undefined };

/** The lines of a file that have an end, without it. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let begin = 0, end = bytes.indexOf(10); end >= 0; begin = end + 1, end = bytes.indexOf(10, begin))
    lines.push(bytes.subarray(begin, end));
  return lines;
}
