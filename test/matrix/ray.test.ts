import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { rayThere, startRay } from "../support/cluster/ray.ts";
import { needs } from "../support/needs.ts";
import { createSharded, workersOn } from "../support/sharded.ts";

const ray = needs(rayThere(), "Ray is not installed: npm run setup -- --ray");

test(
  "eight shards on Ray, a worker killed by -9: the bytes of one process, nothing else made twice",
  ray,
  async (t) => {
    const cluster = await startRay(t);
    const { project, expected, start, found, made } = await createSharded(t, 4);
    const running = start({
      ...cluster,
      POISON_RUNNER: "ray",
      POISON_RUNNER_ARGS: "--num-cpus=1",
      POISON_THREADS: "1",
    });
    let killed = 0;
    for (let i = 0; i < 2400 && killed === 0; i++) {
      await sleep(25);
      const [worker] = workersOn(project.folder);
      if (worker !== undefined) {
        process.kill(worker, "SIGKILL");
        killed = worker;
      }
    }
    assert.ok(killed > 0, `no worker was seen: ${(await running.ended).output}`);
    const { code, output } = await running.ended;
    assert.equal(code, 0, output);
    assert.equal(await found(), expected);
    assert.doesNotMatch(output, /round 2/); // Ray itself has started it again
    assert.deepEqual(made(), []);
  },
);

test("a driver on Ray killed by -9, started again: only what is missing is made", ray, async (t) => {
  const cluster = await startRay(t);
  const { project, expected, start, found, made } = await createSharded(t, 4);
  const env = { ...cluster, POISON_RUNNER: "ray", POISON_RUNNER_ARGS: "--num-cpus=1", POISON_THREADS: "1" };
  const first = start(env);
  while (made().length === 0 && first.child.exitCode === null) await sleep(25);
  first.child.kill("SIGKILL");
  await first.ended;
  for (let i = 0; i < 200 && workersOn(project.folder).length > 0; i++) await sleep(100);
  assert.deepEqual(workersOn(project.folder), [], "tasks end with whoever has started them");
  const here = made().length;
  assert.ok(here >= 1 && here < 8, `${here} shards were made: ${(await first.ended).output}`);
  const { code, output } = await start(env).ended;
  assert.equal(code, 0, output);
  assert.match(output, new RegExp(`${here} of 8 shards are there already`));
  assert.equal(await found(), expected);
});

test("a cluster that is not there, and words that Ray does not know, are said with a remedy", ray, async (t) => {
  const { start } = await createSharded(t, 16);
  const refused = async (env: NodeJS.ProcessEnv, pattern: RegExp) => {
    const { code, output } = await start({ POISON_RUNNER: "ray", ...env }).ended;
    assert.equal(code, 1, output);
    assert.match(output, pattern);
    assert.doesNotMatch(output, /Traceback/);
  };
  await refused({ RAY_ADDRESS: "127.0.0.1:1" }, /Ray's driver ended with 1: .*\n {2}→ Is the cluster up/);
  await refused({ POISON_RUNNER_ARGS: "--gres=gpu:1" }, /POISON_RUNNER_ARGS has "--gres=gpu:1"/);
  await refused({ POISON_RAY_PYTHON: "/nowhere/python" }, /Ray is not installed: there is no \/nowhere\/python/);
});
