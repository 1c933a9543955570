import { spawn } from "node:child_process";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { StageError } from "../runtime/errors.ts";
import { type Outcome, runCommand } from "../runtime/run-command.ts";
import { say, warn } from "../runtime/say.ts";
import { type Round, taskCommand, writeRound } from "./round.ts";
import type { Runner } from "./runners.ts";

/** Tasks of one array: Slurm's default of MaxArraySize is 1001. */
const MOST_TASKS = 1000;

/** Milliseconds between two looks at the queue. */
const POLL_MS = 2000;

/** Milliseconds for which a scheduler may be away, when it is restarted for one. */
const PATIENCE_MS = 600_000;

/**
 * Runs tasks as a job array of Slurm, https://slurm.schedmd.com/job_array.html. All machines must see the project's folder at the same path.
 * The array is remembered in the round's folder, for {@link awaitFormer}.
 */
export const runOnSlurm: Runner = async (round, { tasks = MOST_TASKS, args }) => {
  const job = jobFile(round);
  const file = await writeRound(round);
  for (let first = 0; first < round.tasks.length && !round.signal?.aborted; first += MOST_TASKS) {
    const last = Math.min(first + MOST_TASKS, round.tasks.length) - 1;
    await submit(round, file, { first, last, tasks, args }, job);
  }
};

/** The file that holds the number of the array under way. */
const jobFile = ({ folder }: Pick<Round, "folder">): string => join(folder, "slurm-job");

/** Waits for the tasks of a driver that was killed: they make what is to be made. @param folder of its rounds. */
export async function awaitFormer(folder: string): Promise<void> {
  const job = jobFile({ folder });
  if (!existsSync(job)) return;
  const id = readFileSync(job, "utf8").trim();
  if (/^\d+$/.test(id) && (await isQueued(id))) {
    say(`slurm: waiting for job ${id}, which an earlier run has left at work (\`scancel ${id}\` ends it)`);
    await untilDone(id);
  }
  rmSync(job, { force: true });
}

async function submit(
  round: Round,
  file: string,
  { first, last, tasks, args }: { first: number; last: number; tasks: number; args: string[] },
  job: string,
): Promise<void> {
  const command = taskCommand(round, file, { tied: false }).map(quoted).join(" ");
  const outcome = await run("sbatch", [
    "--parsable",
    `--job-name=${round.name}`,
    `--array=0-${last - first}%${tasks}`,
    `--output=${join(round.folder, first === 0 ? "task-%a.log" : `task-${first}+%a.log`)}`,
    "--open-mode=append",
    ...args,
    `--wrap=exec ${command} $((${first} + SLURM_ARRAY_TASK_ID))`,
  ]);
  if (outcome.code !== 0)
    throw new StageError(`sbatch refused the work: ${outcome.stderr.trim() || `exit code ${outcome.code}`}`, {
      hint: "Look at `sinfo` and at POISON_RUNNER_ARGS, whose words are given to sbatch.",
    });
  const id = outcome.stdout.toString().trim().split(";")[0] as string;
  writeFileSync(job, `${id}\n`);
  say(`slurm: job ${id}: ${last - first + 1} tasks`);
  // Of its own, for this process ends at once.
  const cancel = () =>
    void spawn("scancel", [id], { stdio: "ignore", detached: true })
      .on("error", () => {})
      .unref();
  process.on("SIGINT", cancel).on("SIGTERM", cancel).on("SIGHUP", cancel);
  try {
    await untilDone(id);
  } finally {
    process.off("SIGINT", cancel).off("SIGTERM", cancel).off("SIGHUP", cancel);
  }
  rmSync(job, { force: true });
}

/** Waits until no task of a job waits or runs any more, and says why one waits if a person may have to mend that. */
async function untilDone(id: string): Promise<void> {
  let told = "";
  for (;;) {
    const states = await statesOf(id);
    const waiting = states.filter((state) => WAITED_FOR.test(state));
    if (waiting.length === 0) return;
    if (waiting.every((state) => GIVEN_UP.test(state))) {
      await run("scancel", [id]); // what is missing is handed out anew
      continue;
    }
    const reason = waiting.find((state) => STUCK.test(state))?.replace(/^\S+ /, "") ?? "";
    if (reason !== "" && reason !== told)
      warn(`slurm: job ${id} waits: ${reason} (\`scontrol show job ${id}\` says more)`);
    told = reason;
    await pause(POLL_MS);
  }
}

const isQueued = async (id: string): Promise<boolean> => (await statesOf(id)).some((state) => WAITED_FOR.test(state));

/** State and reason of each task of a job. The scheduler may be away for a while. @throws StageError when it does not come back. */
async function statesOf(id: string): Promise<string[]> {
  const began = Date.now();
  let told = false;
  for (;;) {
    const { code, stdout, stderr } = await run("squeue", [
      "--noheader",
      "--jobs",
      id,
      "--states=all",
      "--format=%T %r",
    ]);
    if (code === 0)
      return stdout
        .toString()
        .split("\n")
        .map((line) => line.trim());
    if (/invalid job id/i.test(stderr)) return []; // it ended long ago
    if (Date.now() - began > PATIENCE_MS)
      throw new StageError(`slurm: the scheduler does not answer: ${stderr.trim()}`, {
        hint: "Look at `scontrol ping`; then run again: what was made is kept.",
      });
    if (!told) warn(`slurm: the scheduler does not answer, waiting: ${stderr.trim()}`);
    told = true;
    await pause(POLL_MS);
  }
}

/** Slurm holds a task back whose launch failed, when its process was killed at its very beginning for one. */
const GIVEN_UP = /^PENDING .*(launch failed|JobHeldAdmin)/i;

/** Why a task waits, where only a person can mend it. */
const STUCK =
  /^PENDING .*(Held|DOWN|DRAIN|ReqNodeNotAvail|Bad|Invalid|Limit(?!s)|PartitionConfig)(?<!JobArrayTaskLimit)/;

/** States of a task that may still make something: https://slurm.schedmd.com/job_state_codes.html */
const WAITED_FOR =
  /^(PENDING|RUNNING|REQUEUED|REQUEUE_FED|REQUEUE_HOLD|RESIZING|SUSPENDED|CONFIGURING|COMPLETING|SIGNALING|STAGE_OUT|STOPPED)/;

async function run(program: string, args: string[]): Promise<Outcome> {
  try {
    return await runCommand(program, args);
  } catch (cause) {
    throw new StageError(`${program} cannot be started: ${(cause as Error).message}`, {
      hint: "POISON_RUNNER is slurm: run on a machine from which jobs are submitted, or unset it.",
      cause,
    });
  }
}

/** A word for a shell. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
