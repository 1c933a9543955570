import { appendFileSync, mkdirSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { z } from "zod";
import { parseJson } from "../../runtime/parse-json.ts";
import { eventSchema, type RunEvent } from "./events.ts";
import { isAlive, ownerSchema } from "./owner.ts";

/*
 * The spool, `.mlflow/spool` of the main repository: a folder for each run that is being logged or could not be logged,
 *   journal.jsonl   first line JournalHeader, then one RunEvent a line, in order
 *   files/          copies of the artifacts that wait
 * It is written before anything is sent: whatever happens to process or server, mlflow-sync knows what is missing.
 */

const headerSchema = z.object({ version: z.literal(1), experiment: z.string(), owner: ownerSchema });

/** First line of a journal. No address and no credentials: it goes to the server that is current when it is delivered. */
export type JournalHeader = z.infer<typeof headerSchema>;

/** A journal found in the spool. */
export interface SpooledRun {
  folder: string;
  /** Nothing when the first line is not that of a journal. */
  experiment: string | undefined;
  events: RunEvent[];
  /** Lines that are no events, with their numbers from 1: of another version, or edited. */
  strange: { number: number; text: string }[];
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
  const begin = ({ events: [first] }: SpooledRun) => (first?.type === "start" ? first.time : 0);
  return found.sort((a, b) => begin(a) - begin(b));
}

/** Reads a journal; a last line without its end is torn: its process was killed while it wrote it. Nothing when there is none. */
export function readJournal(folder: string): SpooledRun | undefined {
  const file = journalFile(folder);
  let lines: string[];
  let written: number;
  try {
    lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
    written = statSync(file).mtimeMs;
  } catch {
    return undefined;
  }
  const header = parseJson(headerSchema, lines[0] ?? "");
  const events: RunEvent[] = [];
  const strange: SpooledRun["strange"] = [];
  for (const [i, text] of lines.entries()) {
    const event = i > 0 ? parseJson(eventSchema, text) : undefined;
    if (event !== undefined) events.push(event);
    else if (i > 0) strange.push({ number: i + 1, text });
  }
  const alive = header !== undefined && isAlive(header.owner, written);
  return { folder, experiment: header?.experiment, events, strange, alive, written };
}

/** Keeps the lines of a journal that are no events: they go into `.mlflow/set-aside`. @returns the file they are in. */
export function setAside({ folder, strange }: SpooledRun): string {
  const file = join(dirname(dirname(folder)), "set-aside", `${basename(folder)}.jsonl`);
  mkdirSync(dirname(file), { recursive: true });
  appendFileSync(file, strange.map(({ text }) => `${text}\n`).join(""));
  return file;
}
