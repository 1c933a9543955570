import { execFile } from "node:child_process";
import { promisify } from "node:util";

const exec = promisify(execFile);

/** Output of a git command in this folder; nothing when it fails: no git, no repository, no such revision. */
export async function git(...args: string[]): Promise<string | undefined> {
  const options = { maxBuffer: 2 ** 28, env: { ...process.env, GIT_OPTIONAL_LOCKS: "0" } };
  return exec("git", args, options).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

/** Content of a file at a commit; nothing when there is none. @param path from this folder. */
export async function gitFile(commit: string, path: string): Promise<Buffer | undefined> {
  const options = { maxBuffer: 2 ** 30, encoding: "buffer" as const };
  return exec("git", ["show", `${commit}:./${path}`], options).then(
    ({ stdout }) => stdout,
    () => undefined,
  );
}

/** What decides an experiment and lies in git. */
const DECISIVE = ["stages", "src", "params.yaml", "dvc.yaml", "package-lock.json"];

/** The commit that is checked out, and whether code, parameters or wiring differ from it. */
export async function gitState(): Promise<{ commit: string; dirty: boolean } | undefined> {
  const [commit, changes] = await Promise.all([
    git("rev-parse", "--verify", "HEAD"),
    git("status", "--porcelain", "--", ...DECISIVE),
  ]);
  return commit === undefined ? undefined : { commit: commit.trim(), dirty: changes !== "" };
}
