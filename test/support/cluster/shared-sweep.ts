import { type ChildProcess, spawn } from "node:child_process";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import type { TestContext } from "node:test";
import type { Project } from "../project.ts";
import { SWEEP, sweepProject } from "../sweep-project.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** A project with a git remote, named by a relative path, and a DVC remote. */
export interface SharedSweep {
  project: Project;
  /** Begins a sweep there. */
  start(args: readonly string[], env?: NodeJS.ProcessEnv): { child: ChildProcess; ended: Promise<Ended> };
  /** Names of the experiments that the git remote holds, sorted; one that is there twice is here twice. */
  pushed(): string[];
}

interface Ended {
  code: number | null;
  output: string;
}

/** Makes the project. */
export function sharedSweep(t: TestContext): SharedSweep {
  const project = sweepProject(t);
  const store = temporaryFolder(t);
  project.must("git", "init", "--quiet", "--bare", join(store, "shared.git"));
  project.must("git", "remote", "add", "shared", join("..", store.split("/").at(-1) as string, "shared.git"));
  project.must("dvc", "remote", "add", "--default", "store", join(store, "data"));
  project.must("git", "add", "--all");
  project.must("git", "commit", "--quiet", "--message", "Remote");
  const start: SharedSweep["start"] = (args, env = {}) => {
    const child = spawn("node", [...SWEEP, ...args], {
      cwd: project.folder,
      env: { ...project.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    t.after(() => child.kill("SIGKILL"));
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    const ended = new Promise<Ended>((end) => child.once("close", (code) => end({ code, output })));
    return { child, ended };
  };
  const pushed = () =>
    project
      .must("git", "ls-remote", "shared", "refs/exps/*")
      .split("\n")
      .flatMap((line) => line.split("/").at(-1) || [])
      .sort();
  return { project, start, pushed };
}

/** Ids of processes of this machine that run an experiment of a sweep in a folder, the task itself and not what it has started. */
export function experimentsIn(folder: string): number[] {
  const ids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  return ids.map(Number).filter((id) => {
    try {
      const words = readFileSync(`/proc/${id}/cmdline`, "utf8").split("\0");
      return words.includes("sweep-experiment") && readlinkSync(`/proc/${id}/cwd`) === resolve(folder);
    } catch {
      return false; // it has ended meanwhile
    }
  });
}
