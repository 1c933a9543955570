import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { askHolder, takeLock } from "../../src/runtime/lock.mjs";
import { root } from "./paths.mjs";

/**
 * Lets one process at a time set this folder up; a second one waits, then finds everything done.
 *
 * @template T
 * @param {() => Promise<T>} action
 */
export async function withLock(action) {
  const path = join(root, "set-up");
  let release = await take(path);
  if (!release) {
    const holder = await askHolder(path);
    console.log(`Another set-up of this folder is running${holder ? ` (${holder})` : ""}: waiting for it to end.`);
  }
  while (!release) {
    await setTimeout(200);
    release = await take(path);
  }
  try {
    return await action();
  } finally {
    release();
  }
}

/** @param {string} path */
const take = (path) => takeLock(path, `process ${process.pid}`);
