import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeWhole } from "../runtime/atomic-write.ts";
import { CLI } from "../runtime/fork-program.ts";

/** Tasks that do not depend on each other, each for one process of the same program: what a runner distributes. */
export interface Round {
  /** What people call it, in an engine's list of jobs: `extract-bottleneck`. */
  name: string;
  /** The program that does one task: scripts/programs/programs.mjs. */
  program: string;
  /** What each task is told, as JSON. */
  tasks: readonly unknown[];
  /** A folder that all machines see: for the list of tasks, what each prints, and what a runner keeps in mind. */
  folder: string;
  /** Ends it: no more is begun, and what is under way is ended. */
  signal?: AbortSignal;
}

/** Writes the list of tasks. @returns its file. */
export async function writeRound({ folder, tasks }: Round): Promise<string> {
  const file = join(folder, "tasks.json");
  await writeWhole(file, (partial) => writeFile(partial, JSON.stringify(tasks)));
  return file;
}

/** Reads one task of a list. */
export const readTask = async (file: string, number: number): Promise<unknown> =>
  (JSON.parse(await readFile(file, "utf8")) as unknown[])[number];

/** The command of a task; its number follows as the last word. @param file the list of tasks. @param tied ends when its standard input does. */
export const taskCommand = ({ program }: Round, file: string, { tied }: { tied: boolean }): string[] => [
  process.execPath,
  CLI,
  program,
  "--tasks",
  file,
  ...(tied ? ["--tied"] : []),
  "--task",
];

/** What a task has printed, when it was last run. */
export const logOf = (folder: string, number: number): string => join(folder, `task-${number}.log`);
