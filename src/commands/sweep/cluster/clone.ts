import { copyFile, mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { callDvc } from "../../../dvc/run-dvc.ts";
import { StageError } from "../../../runtime/errors.ts";
import { runCommand } from "../../../runtime/run-command.ts";
import { reasonOf } from "../run-experiment.ts";
import type { Order } from "./order.ts";
import { refOf } from "./shared-places.ts";

/** Calls of `dvc exp push`, and milliseconds before the second: others push to the same places. */
const PUSHES = { tries: 5, pause_ms: 1000 };

/** DVC says so when an experiment differs from the one of its name that a remote holds. */
const DIVERGED = /diverged/i;

/**
 * Runs an experiment in a clone of its own, which is thrown away, and pushes it: commit to the git remote, data to DVC's. The clone's settings of
 * git and DVC are the project's; its cache is the project's too, so that what is shared is found there.
 * @throws StageError saying why there is no experiment.
 */
export async function runInClone(order: Order): Promise<{ ref: string; commit: string }> {
  const { places, name, log, folder, args } = order;
  const clone = resolve(folder, "clones", name);
  await rm(clone, { recursive: true, force: true }); // a killed one's
  try {
    const project = await prepare(clone, order);
    const { code } = await callDvc(["exp", "run", "--name", name, ...args], {
      cwd: project,
      env: { DVC_ROOT: resolve(".") }, // where packages are, and where what an MLflow server did not take waits
      output: { log },
    });
    if (code !== 0) throw new StageError(reasonOf(await readFile(log, "utf8")));
    const ref = refOf(places, name);
    const commit = await git(clone, "rev-parse", "--verify", ref);
    await push(project, places.gitRemote, ref);
    return { ref, commit };
  } finally {
    await rm(clone, { recursive: true, force: true });
  }
}

/** Makes the clone. @returns the project's folder in it. */
async function prepare(clone: string, { places }: Order): Promise<string> {
  const { repository, prefix, commit, gitRemote, gitUrl, cache, dvcFolder } = places;
  await mkdir(dirname(clone), { recursive: true });
  await git(".", "clone", "--quiet", "--no-checkout", "--", repository, clone);
  // Its remotes, whoever commits there, how it logs in.
  const config = resolve(repository, await git(repository, "rev-parse", "--git-path", "config"));
  await copyFile(config, join(clone, ".git", "config"));
  await git(clone, "remote", "set-url", gitRemote, gitUrl);
  await git(clone, "checkout", "--quiet", "--detach", commit);
  const project = join(clone, prefix);
  const local = join(".dvc", "config.local");
  await copyFile(local, join(project, local)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== "ENOENT") throw error;
  });
  await dvc(project, "config", "--local", "cache.dir", cache);
  if (dvcFolder) await dvc(project, "remote", "modify", "--local", dvcFolder.name, "url", dvcFolder.path);
  return project;
}

async function push(project: string, remote: string, ref: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { code, stderr, stdout } = await callDvc(["exp", "push", "--force", remote, ref], { cwd: project });
    if (code === 0 && !DIVERGED.test(stderr)) return;
    if (tries === PUSHES.tries)
      throw new StageError(`dvc exp push ended with ${code}: ${lastLine(stderr) || lastLine(stdout.toString())}`, {
        hint: `Try it: dvc exp push ${remote} NAME.`,
      });
    await pause(PUSHES.pause_ms * tries);
  }
}

async function git(cwd: string, ...args: string[]): Promise<string> {
  const { code, stdout, stderr } = await runCommand("git", args, { cwd });
  if (code !== 0) throw new StageError(`git ${args[0]}: ${lastLine(stderr)}`);
  return stdout.toString().trim();
}

async function dvc(cwd: string, ...args: string[]): Promise<void> {
  const { code, stderr } = await callDvc(args, { cwd });
  if (code !== 0) throw new StageError(`dvc ${args.join(" ")}: ${lastLine(stderr)}`);
}

const lastLine = (text: string): string => text.trim().split("\n").at(-1) ?? "";
