import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { describeFolder } from "../../src/dvc/folder-digest.ts";
import { createProject, type Project, setParams } from "./project.ts";

/** A project whose 32 drawn images make several shards, and what extraction of them in one process gives. */
export interface Sharded {
  project: Project;
  /** DVC's digest of the features that one process makes in the same parts. */
  expected: string;
  /** Begins extraction to data/bottleneck. */
  start(env?: NodeJS.ProcessEnv): Extraction;
  /** DVC's digest of data/bottleneck; nothing where it is not there. */
  found(): Promise<string | undefined>;
  /** Names of the shards that lie whole in the work folder. */
  made(): string[];
}

/** Extraction under way. */
export interface Extraction {
  child: ChildProcess;
  ended: Promise<{ code: number | null; output: string }>;
}

/** The folder in which shards are made. */
export const WORK = "data/bottleneck.shards";

/** Makes the project. @param shardImages of 32. */
export async function createSharded(t: TestContext, shardImages: number): Promise<Sharded> {
  const project = createProject(t);
  const { folder } = project;
  setParams(project, [`features.shard_images=${shardImages}`]);
  project.must("node", "dvc-poison.mjs", "restore");
  const start: Sharded["start"] = (env = {}) => {
    const child = spawn(process.execPath, ["dvc-poison.mjs", "extract-bottleneck"], {
      cwd: folder,
      env: { ...project.env, POISON_DEVICE: "cpu", ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text) => {
        output += text;
      });
    t.after(() => child.kill("SIGKILL"));
    const ended = new Promise<{ code: number | null; output: string }>((resolve) =>
      child.once("close", (code) => resolve({ code, output })),
    );
    return { child, ended };
  };
  const digest = async (place: string) => (existsSync(place) ? (await describeFolder(place)).md5 : undefined);
  const found = () => digest(join(folder, "data/bottleneck"));
  const made = () => {
    const work = join(folder, WORK);
    if (!existsSync(work)) return [];
    return readdirSync(work).filter((name) => /^[0-9a-f]{64}\.json$/.test(name));
  };
  const { code, output } = await start().ended;
  if (code !== 0) throw new Error(output);
  const expected = (await found()) as string;
  project.must("rm", "-r", "data/bottleneck");
  return { project, expected, start, found, made };
}

/** Ids of processes of this machine that work on a shard of a folder. */
export function workersOn(folder: string): number[] {
  const place = resolve(folder);
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((id) => {
      try {
        const words = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
        return (
          words.includes("extract-shard") && words.some((word) => word.includes(place) || word.startsWith("data/"))
        );
      } catch {
        return false; // it has ended meanwhile
      }
    })
    .filter((id) => {
      try {
        return readFileSync(`/proc/${id}/environ`).length >= 0;
      } catch {
        return false;
      }
    });
}
