import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { needs } from "../../support/needs.ts";
import { createSharded, WORK, workersOn } from "../../support/sharded.ts";

const processes = needs(existsSync("/proc/self/environ"), "processes are looked at in /proc, which Linux has");

test("shards of one process at a time and of several give the same bytes, and one part has the same values", async (t) => {
  const { project, expected, start, found } = await createSharded(t, 12);
  assert.equal((await start({ POISON_TASKS: "3" }).ended).code, 0);
  assert.equal(await found(), expected);
  assert.ok(!existsSync(join(project.folder, WORK)));
  const several = JSON.parse(project.read("data/bottleneck/index.json"));
  assert.deepEqual(
    several.parts.map(({ rows }: { rows: number }) => rows),
    [12, 12, 8],
  );
  project.must("node", "dvc-poison.mjs", "extract-bottleneck", "-S", "features.shard_images=10000");
  const one = JSON.parse(project.read("data/bottleneck/index.json"));
  assert.deepEqual(one.md5, several.md5);
  assert.equal(one.parts.length, 1);
  assert.deepEqual({ ...one, parts: [] }, { ...several, parts: [] });
});

test("a worker killed by -9: its shard is made again, and no other", processes, async (t) => {
  const { project, expected, start, found } = await createSharded(t, 8);
  const running = start();
  let worker: number | undefined;
  while (worker === undefined) {
    await sleep(20);
    [worker] = workersOn(project.folder);
  }
  process.kill(worker, "SIGKILL");
  const { code, output } = await running.ended;
  assert.equal(code, 0, output);
  assert.match(output, /1 of 4 shards are missing: round 2/);
  assert.doesNotMatch(output, /round 3/);
  assert.equal(await found(), expected);
});

test("a driver killed by -9: its workers end, and the next one makes only what is missing", processes, async (t) => {
  const { project, expected, start, found, made } = await createSharded(t, 4);
  const first = start();
  while (made().length < 2) await sleep(20);
  first.child.kill("SIGKILL");
  await first.ended;
  for (let i = 0; i < 100 && workersOn(project.folder).length > 0; i++) await sleep(50);
  assert.deepEqual(workersOn(project.folder), []);
  const before = made();
  const times = before.map((name) => readFileSync(join(project.folder, WORK, name), "utf8"));
  assert.ok(times.length >= 2);
  const { code, output } = await start().ended;
  assert.equal(code, 0, output);
  assert.match(output, new RegExp(`${before.length} of 8 shards are there already`));
  assert.equal(await found(), expected);
});

test("a shard that was damaged meanwhile is made again", async (t) => {
  const { project, expected, start, found, made } = await createSharded(t, 8);
  const first = start();
  while (made().length < 3) await sleep(20);
  first.child.kill("SIGKILL");
  await first.ended;
  const work = join(project.folder, WORK);
  const [flipped, cut] = readdirSync(work).filter(
    (name) => name.endsWith(".npy") && made().includes(name.replace("npy", "json")),
  );
  const bytes = readFileSync(join(work, flipped as string));
  bytes[bytes.length - 1] = (bytes.at(-1) as number) ^ 1;
  writeFileSync(join(work, flipped as string), bytes);
  truncateSync(join(work, cut as string), 1000);
  const { code, output } = await start().ended;
  assert.equal(code, 0, output);
  assert.match(output, new RegExp(`${flipped} is damaged: it is made again`));
  assert.equal(await found(), expected);
});

test("an image that cannot be decoded ends the stage with its name, in the first round", async (t) => {
  const { project, start, found } = await createSharded(t, 8);
  writeFileSync(join(project.folder, "data/images/train/dogs/dog.3.jpg"), "no image");
  const { code, output } = await start().ended;
  assert.equal(code, 1);
  assert.match(output, /extract-bottleneck: data\/images\/train\/dogs\/dog\.3\.jpg: /);
  assert.doesNotMatch(output, /round 2/);
  assert.equal(await found(), undefined);
});

test("a runner that is not there is refused with what to do", async (t) => {
  const { start } = await createSharded(t, 8);
  const slurm = await start({ POISON_RUNNER: "slurm", PATH: "/usr/bin/none" }).ended;
  assert.match(slurm.output, /sbatch cannot be started[\s\S]*→ POISON_RUNNER is slurm: run on a machine/);
  const ray = await start({ POISON_RUNNER: "ray", POISON_RAY_PYTHON: "/no/python" }).ended;
  assert.match(
    ray.output,
    /Ray is not installed: there is no \/no\/python[\s\S]*→ Install it: `npm run setup -- --ray`/,
  );
  const unknown = await start({ POISON_RUNNER: "sge" }).ended;
  assert.match(unknown.output, /POISON_RUNNER is "sge"; it must be local, slurm, ray\./);
  assert.deepEqual([slurm.code, ray.code, unknown.code], [1, 1, 1]);
});
