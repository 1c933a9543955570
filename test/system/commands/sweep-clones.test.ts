import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { experimentsIn, sharedSweep } from "../../support/cluster/shared-sweep.ts";

const ARGS = ["--runner", "local", "--git-remote", "shared", "--levels", "0,25,50", "--jobs", "2"];
const NAMES = ["poison-0-seed-1", "poison-25-seed-1", "poison-50-seed-1"];

test("experiments in clones: one is killed and run again, a sweep is killed and goes on; all are pushed, brought, none twice", async (t) => {
  const { project, start, pushed } = sharedSweep(t);
  const first = start(ARGS);
  while (pushed().length === 0 && first.child.exitCode === null) await sleep(200);
  assert.deepEqual(pushed(), NAMES.slice(0, 1), "the first alone");
  first.child.kill("SIGKILL");
  await first.ended;

  const second = start(ARGS);
  let killed = 0;
  while (killed === 0 && second.child.exitCode === null) {
    await sleep(50);
    killed = pushed().length === 1 ? (experimentsIn(project.folder)[0] ?? 0) : 0;
    if (killed > 0) process.kill(killed, "SIGKILL");
  }
  const { code, output } = await second.ended;
  assert.equal(code, 0, output);
  assert.match(output, /1 of 3 experiments are done already/);
  assert.match(output, /sweep: 1 experiments have not ended: round 2/);
  assert.deepEqual(pushed(), NAMES);
  const list = project.must("dvc", "exp", "list", "--name-only").trim().split("\n").sort();
  assert.deepEqual(list, NAMES);
  assert.match(output, /^ *50 % +12 /m);
  assert.ok(!existsSync(join(project.folder, ".dvc/tmp/sweep/cluster")));

  // What they made is in DVC's remote: who has neither cache nor clone gets it from there.
  project.must("rm", "-r", ".dvc/cache");
  project.must("dvc", "exp", "pull", "shared", "poison-50-seed-1");
  project.must("dvc", "exp", "apply", "poison-50-seed-1");
  assert.ok(existsSync(join(project.folder, "data/model")));
  assert.match(project.must("dvc", "status"), /up to date/);
});

test("what clones would not have is said before anything runs", async (t) => {
  const { project, start } = sharedSweep(t);
  const refused = async (pattern: RegExp, ...args: string[]) => {
    const { code, output } = await start([...args]).ended;
    assert.equal(code, 1, output);
    assert.match(output, pattern);
  };
  await refused(/--git-remote nowhere: there is no such git remote/, "--git-remote", "nowhere");
  project.must("dvc", "config", "--unset", "core.remote");
  await refused(/1 files differ from the commit .*\.dvc\/config/, "--git-remote", "shared");
  project.must("git", "commit", "--all", "--quiet", "--message", "No remote");
  await refused(/DVC has no default remote/, "--git-remote", "shared");
});
