import { StageError } from "../runtime/errors.ts";
import { type CommandOptions, type Outcome, runCommand } from "../runtime/run-command.ts";
import { warn } from "../runtime/say.ts";
import { IN_ENGLISH, QUESTION, type Repository, repositoryFrom } from "./repository.mjs";

/**
 * Output of a git command in this folder; nothing when it fails: no git, no repository, no such revision.
 * @throws StageError, as all here, for a repository that git does not open, in git's words.
 */
export async function git(...args: string[]): Promise<string | undefined> {
  return (await output(args))?.toString();
}

/** Content of a file at a commit; nothing when there is none. @param path from this folder. */
export const gitFile = (commit: string, path: string): Promise<Buffer | undefined> =>
  output(["cat-file", "blob", `${commit}:./${path}`]);

/**
 * The files below a folder that DVC takes notice of, from there; nothing where git does not answer.
 * An index that does not exist makes git look at all of them, committed or not; `.dvcignore` has the form of `.gitignore`.
 */
export async function filesNotIgnored(folder: string): Promise<string[] | undefined> {
  const args = ["ls-files", "-z", "--others", "--exclude-per-directory=.dvcignore"];
  const { code, stdout } = await run(args, { env: { GIT_INDEX_FILE: "no-such-index" }, cwd: folder });
  if (code !== 0) return undefined;
  return stdout
    .toString()
    .split("\0")
    .filter((file) => file !== "");
}

/** What decides an experiment and lies in git. */
const DECISIVE = ["stages", "src", "params.yaml", "dvc.yaml", "stages.lock.json", "package-lock.json"];

/**
 * The commit that is checked out, and whether code, parameters or wiring differ from it; nothing, with a warning, for a repository that git
 * does not open: what is recorded of a run is worth more than its commit.
 */
export async function gitState(): Promise<{ commit: string; dirty: boolean } | undefined> {
  const repository = await askGit();
  if (repository.kind === "refused") warn(`warning: ${repository.message}\n  → ${repository.hint}`);
  if (repository.kind !== "open") return undefined;
  const [commit, changes] = await Promise.all([headCommit(), git("status", "--porcelain", "--", ...DECISIVE)]);
  return commit === undefined ? undefined : { commit, dirty: changes !== "" };
}

/** The commit that is checked out. */
export const headCommit = async (): Promise<string | undefined> => (await git("rev-parse", "--verify", "HEAD"))?.trim();

/** What git says of the repository around a folder. */
export async function askGit(cwd = "."): Promise<Repository> {
  const { code, stdout, stderr } = await run(QUESTION, { cwd, env: IN_ENGLISH });
  return repositoryFrom({ ok: code === 0, output: `${stdout}${stderr}` });
}

async function output(args: readonly string[]): Promise<Buffer | undefined> {
  const { code, stdout } = await run(args);
  if (code === 0) return stdout;
  const repository = await askGit();
  if (repository.kind === "refused") throw new StageError(repository.message, { hint: repository.hint });
  return undefined;
}

async function run(
  args: readonly string[],
  options: CommandOptions = {},
): Promise<Pick<Outcome, "code" | "stdout" | "stderr">> {
  const env = { ...process.env, GIT_OPTIONAL_LOCKS: "0", ...options.env };
  const missing = { code: null, stdout: Buffer.alloc(0), stderr: "" };
  return runCommand("git", args, { ...options, env }).catch(() => missing);
}
