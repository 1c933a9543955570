import { lstat, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { extract } from "tar";
import { git, headCommit } from "../../dvc/git.ts";
import { isInside } from "../../dvc/paths.ts";
import { findRevision } from "../../dvc/refs.ts";
import { StageError } from "../../runtime/errors.ts";

/** A state of the project, as a folder of its files. */
export interface Revision {
  /** As a person named it, with its commit: `main (1a2b3c4)`. */
  name: string;
  /** The commit; for the workspace the one that is checked out. */
  commit: string;
  /** For the workspace the current folder, else a copy of what git holds, without links. */
  folder: string;
}

/** What the working tree is called; no name of git's holds a space. */
export const WORKSPACE = "the workspace";

/** The working tree as it is. @throws StageError where there is no git repository with a commit. */
export async function openWorkspace(): Promise<Revision> {
  const commit = await headCommit();
  if (commit !== undefined) return { name: WORKSPACE, commit, folder: "." };
  throw new StageError(
    "There is no git repository with a commit in this folder, so there is nothing to compare with.",
    { hint: "git init && git add -A && git commit -m 'Start'" },
  );
}

/**
 * Calls `use` with a copy of what git holds of a revision, which is removed afterwards.
 * @param name what git takes for a commit, or the name of a DVC experiment.
 * @param flag where the name came from, for messages.
 * @param place the folder that the copy lies in.
 */
export async function withRevision<T>(
  name: string,
  flag: string,
  use: (revision: Revision) => Promise<T>,
  place = tmpdir(),
): Promise<T> {
  const { commit } = await findRevision(name, flag);
  await mkdir(place, { recursive: true });
  const folder = await mkdtemp(join(place, "dvc-poison-report-"));
  try {
    const archive = join(folder, "archive.tar");
    if ((await git("archive", "--format=tar", "--output", archive, commit)) === undefined)
      throw new StageError(`${flag} ${name}: git cannot write out ${commit}.`, {
        hint: `Is there room in ${place}, and for a file of that size (\`ulimit -f\`)? \`git fsck\` says whether the repository is whole.`,
      });
    // A link that somebody has committed could lead anywhere.
    await extract({
      file: archive,
      cwd: folder,
      filter: (_, entry) => !("type" in entry) || !/Link$/.test(entry.type),
    });
    await rm(archive);
    const short = commit.slice(0, 7);
    return await use({ name: commit.startsWith(name) ? short : `${name} (${short})`, commit, folder });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Where a file of a revision lies; nothing when it is not there, is none, or its path leads outside. */
export async function fileOf(
  { folder }: Pick<Revision, "folder">,
  path: string | undefined,
): Promise<string | undefined> {
  if (path === undefined || !isInside(path)) return undefined;
  const file = join(folder, path);
  return (await lstat(file).catch(() => undefined))?.isFile() ? file : undefined;
}

/** Whether a file of the workspace is in the commit that is checked out, as it is. */
export async function isCommitted(path: string): Promise<boolean> {
  if ((await git("ls-files", "--error-unmatch", "--", path)) === undefined) return false;
  return (await git("diff", "--quiet", "HEAD", "--", path)) !== undefined;
}
