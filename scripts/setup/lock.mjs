import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { root } from "./paths.mjs";
import { digest } from "./stamp.mjs";

/**
 * Lets one process at a time set this folder up; a second one waits, then finds everything done.
 *
 * @template T
 * @param {() => Promise<T>} action
 */
export async function withLock(action) {
  const file = join(tmpdir(), `dvc-poison-setup-${digest(root).slice(0, 16)}.lock`);
  for (let told = false; !take(file); ) {
    if (!isRunning(holder(file))) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) console.log(`Another set-up of this folder is running: waiting for it to end (its lock: ${file}).`);
    told = true;
    await setTimeout(500);
  }
  const release = () => rmSync(file, { force: true });
  process.once("exit", release);
  try {
    return await action();
  } finally {
    process.off("exit", release);
    release();
  }
}

/** Takes the lock if it is free. @param {string} file */
function take(file) {
  const own = `${file}.${process.pid}`;
  writeFileSync(own, String(process.pid));
  try {
    linkSync(own, file); // appears with its content, or fails
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== "EEXIST") throw error;
    return false;
  } finally {
    rmSync(own, { force: true });
  }
}

/** The process that has the lock; 0 when it has just been released. @param {string} file */
function holder(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

/** @param {number} pid */
function isRunning(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return /** @type {NodeJS.ErrnoException} */ (error).code === "EPERM";
  }
}
