import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { concurrently } from "../runtime/concurrently.ts";
import { gpuWanted } from "../runtime/device.ts";
import { gpuCount } from "./gpus.ts";
import { logOf, type Round, taskCommand, writeRound } from "./round.ts";
import type { Runner } from "./runners.ts";

/**
 * Runs tasks as processes of this machine: as many at once as there are GPUs, each with one of its own, or one, which uses all cores.
 * They end when this process does, however it ends.
 */
export const runLocally: Runner = async (round, { tasks }) => {
  const file = await writeRound(round);
  const gpus = gpuWanted() ? gpuCount() : 0;
  const slots = tasks ?? Math.max(1, gpus);
  const free = Array.from({ length: slots }, (_, i) => i);
  await concurrently(round.tasks, slots, async (_, number) => {
    if (round.signal?.aborted) return;
    const slot = free.shift() as number;
    const env = gpus > 1 ? { ...process.env, CUDA_VISIBLE_DEVICES: String(slot % gpus) } : process.env;
    await runProcess(round, file, number, env);
    free.push(slot);
  });
};

function runProcess(round: Round, file: string, number: number, env: NodeJS.ProcessEnv): Promise<void> {
  const [program, ...args] = taskCommand(round, file, { tied: true }) as [string, ...string[]];
  const log = openSync(logOf(round.folder, number), "w");
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...args, String(number)], { stdio: ["pipe", log, log], env });
    const end = () => child.kill("SIGTERM"); // it ends what it has started itself
    process.once("exit", end);
    round.signal?.addEventListener("abort", end);
    child.once("error", reject);
    child.once("close", () => {
      process.off("exit", end);
      round.signal?.removeEventListener("abort", end);
      closeSync(log);
      resolve();
    });
  });
}
