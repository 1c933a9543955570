import { randomUUID } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/** A partial file this old belongs to a process that was killed: no download is silent for so long. */
const STALE_MS = 3_600_000;

/** Removes `path`, file or folder, when `use` has ended, well or not, and when the process exits before that. */
export async function withTemporary<T>(path: string, use: () => Promise<T>): Promise<T> {
  const remove = () => rmSync(path, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    return await use();
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/**
 * Makes `file` appear whole or not at all: `write` fills a new file beside it, which then takes its name. Processes that write the
 * same file at once don't disturb each other.
 */
export async function writeWhole(file: string, write: (partial: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await removeStale(file);
  const partial = `${file}.${randomUUID()}.partial`;
  await withTemporary(partial, async () => {
    await write(partial);
    await rename(partial, file);
  });
}

async function removeStale(file: string): Promise<void> {
  for (const name of await readdir(dirname(file))) {
    if (!name.startsWith(`${basename(file)}.`) || !name.endsWith(".partial")) continue;
    const path = join(dirname(file), name);
    const modified = await stat(path).catch(() => undefined); // it may just have taken its final name
    if (modified && Date.now() - modified.mtimeMs > STALE_MS) await rm(path, { force: true });
  }
}
