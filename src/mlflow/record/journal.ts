import {
  appendFileSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, resolve } from "node:path";
import type { Artifact } from "../client/artifacts.ts";
import type { RunEvent, StartEvent } from "./events.ts";
import { thisProcess } from "./owner.ts";
import { type JournalHeader, journalFile, readJournal } from "./spool.ts";

/** The record of one run on disk. */
export interface Journal {
  append(event: RunEvent): void;
  /** Leaves the events for later: the start and what is `undelivered`, with copies of its files. */
  keep(undelivered: readonly RunEvent[]): void;
  /** All is delivered. */
  remove(): void;
}

/** A folder without a journal for so long has lost its process between the two. */
const BEGINNING_MS = 10_000;

/**
 * Begins the journal of a run. What an earlier process that is gone has left under this name is dropped: this one logs it anew.
 * @returns nothing when another process is logging this very run.
 */
export function openJournal(spool: string, name: string, experiment: string): Journal | undefined {
  const folder = join(spool, name);
  mkdirSync(spool, { recursive: true });
  if (!claim(folder)) {
    const before = readJournal(folder);
    if (before ? before.alive : Date.now() - statSync(folder).mtimeMs < BEGINNING_MS) return undefined;
    rmSync(folder, { recursive: true, force: true });
    if (!claim(folder)) return undefined;
  }
  const file = journalFile(folder);
  const header: JournalHeader = { version: 1, experiment, owner: thisProcess() };
  writeFileSync(file, line(header));
  let start: StartEvent | undefined;
  return {
    append(event) {
      if (event.type === "start") start = event;
      appendFileSync(file, line(event));
    },
    keep(undelivered) {
      const copy = copier(join(folder, "files"));
      const kept = undelivered.map((event) => ("files" in event ? { ...event, files: event.files.map(copy) } : event));
      const first = start && undelivered[0] !== start ? [start] : [];
      const whole = `${file}.new`; // a full disk leaves what was there
      writeFileSync(whole, [header, ...first, ...kept].map(line).join(""));
      renameSync(whole, file);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Makes a folder, unless it is there. */
function claim(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Copies artifacts into a folder, as numbered files; the next stage run would overwrite the originals. */
function copier(folder: string): (artifact: Artifact) => Artifact {
  let copies = 0;
  return (artifact) => {
    if ("text" in artifact || !existsSync(artifact.file)) return artifact;
    mkdirSync(folder, { recursive: true });
    const file = resolve(folder, String(copies++));
    copyFileSync(artifact.file, file, constants.COPYFILE_FICLONE);
    return { ...artifact, file };
  };
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
