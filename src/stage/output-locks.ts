import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StageError } from "../runtime/errors.ts";
import { askHolder, takeLock } from "../runtime/lock.mjs";

/** Milliseconds that a stage which was asked to end, just before this one began, has for that. */
const PATIENCE_MS = 4000;
const POLL_MS = 100;

/**
 * Makes the folders of a stage's outputs and takes the lock of each output, until this process ends: a stage that a killed `dvc` has left
 * running, and its rerun, would write the same files.
 * @throws StageError naming the output and the process that writes it.
 */
export async function lockOutputs(stage: string, paths: readonly string[]): Promise<void> {
  const patient = Date.now() + PATIENCE_MS;
  for (const path of paths) {
    mkdirSync(dirname(path), { recursive: true });
    while (!(await takeLock(path, `${process.pid} ${stage}`))) {
      if (Date.now() > patient) throw await occupied(path);
      await sleep(POLL_MS);
    }
  }
}

async function occupied(path: string): Promise<StageError> {
  const [pid, stage] = (await askHolder(path))?.split(" ") ?? [];
  if (pid === String(process.pid)) return new StageError(`${path}: two outputs have this path.`);
  return new StageError(`${path}: another process is writing it${pid ? `: ${stage}, process ${pid}` : ""}.`, {
    hint: `Wait until it has ended${pid ? `, or end it: \`kill ${pid}\`` : ""}; then run again.`,
  });
}
