import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { slurmThere, startSlurm } from "../support/cluster/slurm.ts";
import { needs } from "../support/needs.ts";
import { createSharded, WORK, workersOn } from "../support/sharded.ts";

const slurm = needs(
  await slurmThere(),
  "Slurm is not installed: apt-get install slurm-wlm slurmctld slurmd munge, as root",
);

test("eight shards on Slurm, a worker killed by -9: the bytes of one process", slurm, async (t) => {
  const cluster = await startSlurm(t);
  const { project, expected, start, found, made } = await createSharded(t, 4);
  const env = {
    ...cluster.env,
    POISON_RUNNER: "slurm",
    POISON_RUNNER_ARGS: "--cpus-per-task=1",
    POISON_THREADS: "1",
  };

  const running = start(env);
  let killed = 0;
  for (let i = 0; i < 600 && killed === 0; i++) {
    await sleep(50);
    const [worker] = workersOn(project.folder);
    if (worker !== undefined) {
      process.kill(worker, "SIGKILL");
      killed = worker;
    }
  }
  assert.ok(killed > 0, "no worker was seen");
  const { code, output } = await running.ended;
  assert.equal(code, 0, output);
  assert.equal(await found(), expected);
  const computed = [...output.matchAll(/round (\d)/g)].map(([, round]) => round);
  assert.deepEqual(computed, ["2"], output); // nothing but the killed one is handed out again
  assert.match(output, /1 of 8 shards are missing: round 2/);
  assert.match(output, /slurm: job \d+: 8 tasks[\s\S]*slurm: job \d+: 1 tasks/);
  assert.deepEqual(made(), []);
});

test(
  "a driver killed by -9, started again: it waits for the array that still runs, and computes nothing twice",
  slurm,
  async (t) => {
    const cluster = await startSlurm(t);
    const { project, expected, start, found, made } = await createSharded(t, 4);
    const env = {
      ...cluster.env,
      POISON_RUNNER: "slurm",
      POISON_RUNNER_ARGS: "--cpus-per-task=1",
      POISON_THREADS: "1",
    };
    const first = start(env);
    while (made().length === 0) await sleep(50);
    first.child.kill("SIGKILL");
    await first.ended;
    const job = readFileSync(join(project.folder, WORK, "slurm-job"), "utf8").trim();
    const { code, output } = await start(env).ended;
    assert.equal(code, 0, output);
    assert.match(
      output,
      new RegExp(`waiting for job ${job}, which an earlier run has left at work[^]*8 of 8 shards are there already`),
    );
    assert.doesNotMatch(output, /slurm: job \d+: \d+ tasks/);
    assert.equal(await found(), expected);
  },
);

test("the scheduler killed by -9 and started again: the stage waits for it, and goes on", slurm, async (t) => {
  const cluster = await startSlurm(t);
  const { expected, start, found, made } = await createSharded(t, 4);
  await sleep(7000); // Slurm takes a node for lost whose scheduler goes within seconds of its start
  const running = start({
    ...cluster.env,
    POISON_RUNNER: "slurm",
    POISON_TASKS: "1",
    POISON_RUNNER_ARGS: "--cpus-per-task=1",
    POISON_THREADS: "1",
  });
  while (made().length === 0 && running.child.exitCode === null) await sleep(50);
  await cluster.restartScheduler(4000);
  const { code, output } = await running.ended;
  assert.equal(code, 0, output);
  assert.doesNotMatch(output, /round 2/); // nothing is handed out again: the array went on, or was waited for
  assert.equal(await found(), expected);
});

test("what sbatch refuses is said in its words", slurm, async (t) => {
  const cluster = await startSlurm(t);
  const { start } = await createSharded(t, 16);
  const { code, output } = await start({
    ...cluster.env,
    POISON_RUNNER: "slurm",
    POISON_RUNNER_ARGS: "--partition=none",
  }).ended;
  assert.equal(code, 1);
  assert.match(output, /sbatch refused the work: .*partition/i);
  assert.match(output, /\n {2}→ Look at `sinfo` and at POISON_RUNNER_ARGS/);
});
