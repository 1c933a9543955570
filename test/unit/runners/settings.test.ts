import assert from "node:assert/strict";
import { test } from "node:test";
import { gpuCount } from "../../../src/runners/gpus.ts";
import { resourcesOf } from "../../../src/runners/ray.ts";
import { runnerSettings } from "../../../src/runners/settings.ts";
import { wantedThreads } from "../../../src/runtime/threads.ts";

test("the environment says who does the work", () => {
  assert.deepEqual(runnerSettings({}), { runner: "local", tasks: undefined, args: [] });
  const set = { POISON_RUNNER: "slurm", POISON_TASKS: "20", POISON_RUNNER_ARGS: "--gres=gpu:1  -p short" };
  assert.deepEqual(runnerSettings(set), { runner: "slurm", tasks: 20, args: ["--gres=gpu:1", "-p", "short"] });
  for (const [env, message] of [
    [{ POISON_RUNNER: "sge" }, /POISON_RUNNER is "sge"; it must be local, slurm, ray\./],
    [{ POISON_TASKS: "0" }, /POISON_TASKS is "0"; it must be a whole number/],
    [{ POISON_TASKS: "2.5" }, /POISON_TASKS is "2\.5"/],
    [{ POISON_RUNNER_ARGS: "--gres=gpu:1" }, /POISON_RUNNER_ARGS is .* the runner local takes none/],
  ] as const)
    assert.throws(() => runnerSettings(env), { name: "StageError", message });
});

test("what a task needs of Ray", () => {
  assert.deepEqual(resourcesOf(["--num-cpus=4", "--num-gpus=0.5"]), { num_cpus: 4, num_gpus: 0.5 });
  assert.deepEqual(resourcesOf([]), {});
  assert.throws(() => resourcesOf(["--gres=gpu:1"]), /POISON_RUNNER_ARGS has "--gres=gpu:1"; for Ray/);
  assert.throws(() => resourcesOf(["--num-cpus=0"]), /num-cpus/);
});

test("the GPUs that a process may use", () => {
  assert.equal(gpuCount({ CUDA_VISIBLE_DEVICES: "0,3" }), 2);
  assert.equal(gpuCount({ CUDA_VISIBLE_DEVICES: "" }), 0);
  assert.equal(gpuCount({ CUDA_VISIBLE_DEVICES: "-1" }), 0);
});

test("threads of a network", () => {
  assert.equal(wantedThreads("3"), 3);
  assert.ok(wantedThreads("") >= 1);
  assert.throws(() => wantedThreads("none"), /POISON_THREADS is "none"; it must be a whole number/);
});
