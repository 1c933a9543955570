import { type CommandOptions, runCommand } from "../runtime/run-command.ts";

/** Output of a git command in this folder; nothing when it fails: no git, no repository, no such revision. */
export async function git(...args: string[]): Promise<string | undefined> {
  return (await output(args))?.toString();
}

/** Content of a file at a commit; nothing when there is none. @param path from this folder. */
export const gitFile = (commit: string, path: string): Promise<Buffer | undefined> =>
  output(["cat-file", "blob", `${commit}:./${path}`]);

/**
 * The files below a folder that DVC takes notice of, from there; nothing without git.
 * An index that does not exist makes git look at all of them, committed or not; `.dvcignore` has the form of `.gitignore`.
 */
export async function filesNotIgnored(folder: string): Promise<string[] | undefined> {
  const args = ["ls-files", "-z", "--others", "--exclude-per-directory=.dvcignore"];
  const listed = await output(args, { env: { GIT_INDEX_FILE: "no-such-index" }, cwd: folder });
  return listed
    ?.toString()
    .split("\0")
    .filter((file) => file !== "");
}

/** What decides an experiment and lies in git. */
const DECISIVE = ["stages", "src", "params.yaml", "dvc.yaml", "stages.lock.json", "package-lock.json"];

/** The commit that is checked out, and whether code, parameters or wiring differ from it. */
export async function gitState(): Promise<{ commit: string; dirty: boolean } | undefined> {
  const [commit, changes] = await Promise.all([headCommit(), git("status", "--porcelain", "--", ...DECISIVE)]);
  return commit === undefined ? undefined : { commit, dirty: changes !== "" };
}

/** The commit that is checked out. */
export const headCommit = async (): Promise<string | undefined> => (await git("rev-parse", "--verify", "HEAD"))?.trim();

async function output(args: readonly string[], options: CommandOptions = {}): Promise<Buffer | undefined> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0", ...options.env };
  const outcome = await runCommand("git", args, { ...options, env }).catch(() => undefined);
  return outcome?.code === 0 ? outcome.stdout : undefined;
}
