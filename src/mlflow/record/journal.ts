import {
  appendFileSync,
  constants,
  copyFileSync,
  existsSync,
  mkdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Artifact } from "../client/artifacts.ts";
import type { ExperimentRef } from "../client/experiments.ts";
import type { RunEvent, StartEvent } from "./events.ts";
import { thisProcess } from "./owner.ts";
import { setAside, setAsideWhole } from "./set-aside.ts";
import { isFinished, isJournal, type JournalHeader, journalFile, readJournal, type SpooledRun } from "./spool.ts";

/** The record of one run on disk. */
export interface Journal {
  append(event: RunEvent): void;
  /** Leaves events for later: the start and these, with copies of their files. */
  keep(events: readonly RunEvent[]): void;
  /** All is delivered. */
  remove(): void;
}

/** What the folder of a finished run that waits is called while the run is repeated. */
const FINISHED = ".finished";

/**
 * Begins the journal of a run. What an earlier process that is gone has left under this name is dropped: this one logs it anew. But a run
 * that has FINISHED waits on, until this one has too.
 * @param warn is told what was no journal and is set aside.
 * @returns nothing when another process is logging this very run.
 */
export function openJournal(
  spool: string,
  name: string,
  { name: experiment, id }: ExperimentRef,
  warn: (text: string) => void,
): Journal | undefined {
  const folder = join(spool, name);
  const file = journalFile(folder);
  const ref = { experiment: experiment ?? "", ...(id !== undefined && { experiment_id: id }) };
  const header: JournalHeader = { version: 1, ...ref, owner: thisProcess() };
  if (!claim(folder, header)) {
    const before = readJournal(folder);
    if (before?.alive) return undefined;
    if (before === undefined || !isJournal(before)) setAsideWhole(folder, warn);
    else retire(before, warn);
    if (!claim(folder, header)) return undefined;
  }
  let start: StartEvent | undefined;
  let finished = false;
  const settle = () => {
    if (finished) rmSync(folder + FINISHED, { recursive: true, force: true });
  };
  return {
    append(event) {
      if (event.type === "start") start = event;
      finished ||= event.type === "end" && event.status === "FINISHED";
      appendFileSync(file, line(event));
    },
    keep(events) {
      const copy = copier(folder);
      const kept = events.map((event) => ("files" in event ? { ...event, files: event.files.map(copy) } : event));
      const first = start && events[0] !== start ? [start] : [];
      const whole = `${file}.new`; // a full disk leaves what was there
      writeFileSync(whole, [header, ...first, ...kept].map(line).join(""));
      renameSync(whole, file);
      settle();
    },
    remove() {
      rmSync(folder, { recursive: true, force: true });
      settle();
    },
  };
}

/** Makes the folder of a journal, header and all in one go, unless it is there. */
function claim(folder: string, header: JournalHeader): boolean {
  const draft = join(dirname(folder), `.${basename(folder)}-${process.pid}`);
  mkdirSync(draft, { recursive: true });
  writeFileSync(journalFile(draft), line(header));
  try {
    renameSync(draft, folder);
    return true;
  } catch (error) {
    rmSync(draft, { recursive: true, force: true });
    if (existsSync(folder)) return false;
    throw error;
  }
}

/** Makes room for the journal of a repeat. */
function retire(before: SpooledRun, warn: (text: string) => void): void {
  const { folder, strange } = before;
  if (strange.length > 0) setAside(before, warn);
  if (isFinished(before)) {
    rmSync(folder + FINISHED, { recursive: true, force: true });
    renameSync(folder, folder + FINISHED);
  } else rmSync(folder, { recursive: true, force: true });
}

/** Copies artifacts into a journal's folder, as numbered files; the next stage run would overwrite the originals. */
function copier(folder: string): (artifact: Artifact) => Artifact {
  let copies = 0;
  return (artifact) => {
    if (!("file" in artifact) || !existsSync(artifact.file)) return artifact;
    const file = `files/${copies++}`; // seen from the folder, which may come to be called otherwise
    mkdirSync(join(folder, "files"), { recursive: true });
    copyFileSync(artifact.file, join(folder, file), constants.COPYFILE_FICLONE);
    return { ...artifact, file };
  };
}

const line = (value: unknown): string => `${JSON.stringify(value)}\n`;
