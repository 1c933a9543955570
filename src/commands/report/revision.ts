import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { extract } from "tar";
import { StageError } from "../../runtime/errors.ts";

const execute = promisify(execFile);

/** A state of the project, as a folder of its files. */
export interface Revision {
  /** As a person named it, with its commit: `main (1a2b3c4)`. */
  name: string;
  /** The commit; for the workspace the one that is checked out. */
  commit: string;
  /** For the workspace the current folder, else a copy of what git holds. */
  folder: string;
}

/** What the working tree is called; no name of git's holds a space. */
export const WORKSPACE = "the workspace";

/** The working tree as it is. */
export async function openWorkspace(): Promise<Revision> {
  return { name: WORKSPACE, commit: await git("rev-parse", "--verify", "HEAD"), folder: "." };
}

/**
 * Calls `use` with a copy of what git holds of a revision, which is removed afterwards.
 * @param name what git takes for a commit, or the name of a DVC experiment.
 * @param flag where the name came from, for messages.
 */
export async function withRevision<T>(name: string, flag: string, use: (revision: Revision) => Promise<T>): Promise<T> {
  const commit = await resolve(name, flag);
  const folder = await mkdtemp(join(tmpdir(), "dvc-poison-report-"));
  try {
    const archive = join(folder, "archive.tar");
    await git("archive", "--format=tar", "--output", archive, commit);
    await extract({ file: archive, cwd: folder });
    const short = commit.slice(0, 7);
    return await use({ name: commit.startsWith(name) ? short : `${name} (${short})`, commit, folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Stops where there is no git repository with a commit. */
export async function assertRepository(): Promise<void> {
  await git("rev-parse", "--verify", "HEAD").catch((cause: unknown) => {
    throw new StageError(
      "There is no git repository with a commit in this folder, so there is nothing to compare with.",
      {
        hint: "git init && git add -A && git commit -m 'Start'",
        cause,
      },
    );
  });
}

/** Whether a file of the workspace is in the commit that is checked out, as it is. */
export const isCommitted = async (path: string): Promise<boolean> =>
  git("ls-files", "--error-unmatch", path)
    .then(() => git("diff", "--quiet", "HEAD", "--", path))
    .then(
      () => true,
      () => false,
    );

async function resolve(name: string, flag: string): Promise<string> {
  const commit = await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`).catch(
    () => undefined,
  );
  const found = commit ?? (await findExperiment(name));
  if (found !== undefined) return found;
  throw new StageError(`${flag} ${name}: neither a git revision nor a DVC experiment.`, {
    hint: "`git log --oneline --all` and `dvc exp list --all-commits` show what there is; `git fetch origin main` brings what is not here.",
  });
}

/** A DVC experiment's commit: of several with one name the one that starts from the commit that is checked out, as DVC chooses. */
async function findExperiment(name: string): Promise<string | undefined> {
  const head = await git("rev-parse", "--verify", "HEAD");
  const refs = await git("for-each-ref", "refs/exps", "--format=%(objectname) %(refname)");
  const found = refs
    .split("\n")
    .map((line) => /^(\w+) refs\/exps\/(\w{2})\/(\w{38})\/(.+)$/.exec(line))
    .filter((match) => match?.[4] === name);
  return (found.find((match) => `${match?.[2]}${match?.[3]}` === head) ?? found.at(-1))?.[1];
}

/** What a git command prints. @throws when it fails. */
async function git(...args: string[]): Promise<string> {
  const { stdout } = await execute("git", args, { maxBuffer: 2 ** 28 });
  return stdout.trim();
}
