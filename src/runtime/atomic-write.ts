import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A partial file this old belongs to a process that was killed: no download is silent for so long. */
const STALE_MS = 3_600_000;

/** Removes `path`, file or folder, when `use` has ended, well or not, and when the process exits before that. */
export async function withTemporary<T>(path: string, use: () => Promise<T>): Promise<T> {
  const clear = () => remove(path);
  process.once("exit", clear);
  try {
    return await use();
  } finally {
    process.off("exit", clear);
    clear();
  }
}

/**
 * Makes `file`, or a folder, appear whole or not at all: `write` makes another in a folder beside it, which then takes its place and name.
 * Processes that write the same at once don't disturb each other.
 *
 * Nothing half-written outlives a process that is asked to end: what other threads still begin in the folder fails once that is gone, and
 * the last step is not one that a signal could come between.
 */
export async function writeWhole(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  for (const path of scratchesOf(file)) if (isStale(path)) remove(path);
  const scratch = `${file}.${randomUUID()}.partial`;
  await withTemporary(scratch, async () => {
    mkdirSync(scratch);
    const partial = join(scratch, basename(file));
    await write(partial);
    renameSync(partial, file);
  });
}

/** What lies half-written beside a file: of processes that write it now, and of those that were killed. */
export function scratchesOf(file: string): string[] {
  const folder = dirname(file);
  const isScratch = (name: string) => name.startsWith(`${basename(file)}.`) && name.endsWith(".partial");
  return readdirSync(folder)
    .filter(isScratch)
    .map((name) => join(folder, name));
}

/** Removes a file or folder that other threads may still be writing into: tried again when a file was added meanwhile. */
export function remove(path: string, attempts = 10): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY" || attempts === 1) throw error;
    remove(path, attempts - 1);
  }
}

function isStale(path: string): boolean {
  const modified = statSync(path, { throwIfNoEntry: false })?.mtimeMs; // it may just have taken its final name
  return modified !== undefined && Date.now() - modified > STALE_MS;
}
