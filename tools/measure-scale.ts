/*
 * Measures extraction of many photographs by each runner: node --import tsx tools/measure-scale.ts FOLDER-OF-PHOTOGRAPHS [IMAGES] [SHARD-IMAGES] [RUNNER…]
 * It links the photographs until there are so many, keeps them in tars, and prints time, the largest worker and DVC's digest of the features.
 */
import { spawn } from "node:child_process";
import { copyFileSync, linkSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { describeFolder } from "../src/dvc/folder-digest.ts";
import { startRay } from "../test/support/cluster/ray.ts";
import { startSlurm } from "../test/support/cluster/slurm.ts";
import { createProject, setParams } from "../test/support/project.ts";

const [photographs = "", images = "25000", shardImages = "2500", ...runners] = process.argv.slice(2);
const ends: (() => unknown)[] = [];
const t = { after: (end: () => unknown) => void ends.unshift(end) } as unknown as TestContext;
const project = createProject(t);

/** Links photographs as `own/{train,validation}/CLASS/n-NAME` until there are so many. */
function linkMany(from: string, count: number): void {
  const files = readdirSync(from, { recursive: true, encoding: "utf8" }).filter((file) => /\.jpe?g$/.test(file));
  for (let i = 0; i < count; i++) {
    const file = files[i % files.length] as string;
    const [split, label, name] = file.split("/").slice(-3) as [string, string, string];
    const folder = join(project.folder, "own", split, label);
    mkdirSync(folder, { recursive: true });
    const to = join(folder, `${Math.floor(i / files.length)}-${name}`);
    try {
      linkSync(join(from, file), to);
    } catch {
      copyFileSync(join(from, file), to); // on another disk
    }
  }
}

/** Runs a stage. @returns seconds, and the most memory of one worker in MiB. */
async function run(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ wall_s: number; worker_mib: number }> {
  const began = Date.now();
  const child = spawn("node", ["dvc-poison.mjs", ...args], {
    cwd: project.folder,
    env: { ...project.env, POISON_DEVICE: "cpu", ...env },
    stdio: "inherit",
  });
  let most = 0;
  const look = setInterval(() => {
    for (const id of readdirSync("/proc").filter((name) => /^\d+$/.test(name)))
      try {
        const words = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
        if (!words.includes("extract-shard") && !words.includes(args[0] as string)) continue;
        const kib = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1];
        most = Math.max(most, Number(kib ?? 0) / 1024);
      } catch {} // it has ended meanwhile
  }, 500);
  const code = await new Promise((end) => child.once("close", end));
  clearInterval(look);
  if (code !== 0) throw new Error(`${args.join(" ")} ended with ${code}`);
  return { wall_s: (Date.now() - began) / 1000, worker_mib: Math.round(most) };
}

try {
  linkMany(resolve(photographs), Number(images));
  const params = [
    "data.source=path:own",
    "data.train_per_class=all",
    "data.validation_per_class=all",
    "data.layout=tar",
  ];
  setParams(project, [...params, "image.size=150", `features.shard_images=${shardImages}`]);
  console.log("restore", JSON.stringify(await run(["restore"], {})));
  const one = { POISON_THREADS: "1", POISON_TASKS: "2" };
  const clusters: Record<string, () => Promise<NodeJS.ProcessEnv>> = {
    local: async () => ({}),
    slurm: async () => ({
      ...(await startSlurm(t)).env,
      ...one,
      POISON_RUNNER: "slurm",
      POISON_RUNNER_ARGS: "--cpus-per-task=1",
    }),
    ray: async () => ({ ...(await startRay(t)), ...one, POISON_RUNNER: "ray", POISON_RUNNER_ARGS: "--num-cpus=1" }),
  };
  for (const runner of runners.length > 0 ? runners : Object.keys(clusters)) {
    const env = await (clusters[runner] as () => Promise<NodeJS.ProcessEnv>)();
    const measured = await run(["extract-bottleneck"], env);
    const { md5 } = await describeFolder(join(project.folder, "data/bottleneck"));
    console.log(runner, JSON.stringify({ ...measured, images_s: Number(images) / measured.wall_s, md5 }));
  }
} finally {
  for (const end of ends) await end();
  process.exit();
}
