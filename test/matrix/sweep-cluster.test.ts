import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { rayThere, startRay } from "../support/cluster/ray.ts";
import { experimentsIn, sharedSweep } from "../support/cluster/shared-sweep.ts";
import { slurmThere, startSlurm } from "../support/cluster/slurm.ts";
import { realMlflow } from "../support/mlflow/real-server.ts";
import { needs } from "../support/needs.ts";

const NAMES = ["poison-0-seed-1", "poison-25-seed-1", "poison-50-seed-1", "poison-75-seed-1"];

/** Sweeps over four levels with an experiment killed by -9: all come back, each once in git, DVC and MLflow. */
async function sweepsOn(t: TestContext, runner: "slurm" | "ray", env: NodeJS.ProcessEnv): Promise<void> {
  const server = await realMlflow();
  t.after(() => server.stop());
  const { project, start, pushed } = sharedSweep(t);
  const running = start(["--runner", runner, "--git-remote", "shared", "--levels", "0,25,50,75"], {
    ...env,
    MLFLOW_TRACKING_URI: server.uri,
    MLFLOW_EXPERIMENT_NAME: "cluster",
    POISON_RUNNER_ARGS: runner === "slurm" ? "--cpus-per-task=1" : "--num-cpus=1",
  });
  let killed = 0;
  while (killed === 0 && running.child.exitCode === null) {
    await sleep(100);
    killed = pushed().length >= 1 ? (experimentsIn(project.folder)[0] ?? 0) : 0;
    if (killed > 0) process.kill(killed, "SIGKILL");
  }
  const { code, output } = await running.ended;
  assert.equal(code, 0, output);
  assert.ok(killed > 0, output);
  assert.deepEqual(pushed(), NAMES);
  assert.deepEqual(project.must("dvc", "exp", "list", "--name-only").trim().split("\n").sort(), NAMES);
  const { runs } = await server.verify("cluster");
  assert.deepEqual(
    runs.map(({ name, status }) => `${name} ${status}`).sort(),
    [...NAMES, "sweep"].map((name) => `${name} FINISHED`),
  );
}

test(
  "a sweep on Slurm, an experiment killed by -9",
  needs(await slurmThere(), "Slurm is not installed: apt-get install slurm-wlm slurmctld slurmd munge, as root"),
  async (t) => sweepsOn(t, "slurm", (await startSlurm(t)).env),
);

test(
  "a sweep on Ray, an experiment killed by -9",
  needs(rayThere(), "Ray is not installed: npm run setup -- --ray"),
  async (t) => sweepsOn(t, "ray", await startRay(t)),
);
