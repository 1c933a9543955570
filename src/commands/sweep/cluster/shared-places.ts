import { isAbsolute, resolve } from "node:path";
import { git, headCommit } from "../../../dvc/git.ts";
import { cacheFolder, callDvc } from "../../../dvc/run-dvc.ts";
import { withoutSecrets } from "../../../runtime/address.mjs";
import { StageError } from "../../../runtime/errors.ts";

/** The places through which experiments that run elsewhere come back. */
export interface SharedPlaces {
  /** Name of the git remote that takes experiments. */
  gitRemote: string;
  /** Its address; a path is absolute. */
  gitUrl: string;
  /** DVC's default remote, where it is a folder: its name and absolute path. */
  dvcFolder: { name: string; path: string } | undefined;
  /** DVC's cache of this project, absolute. */
  cache: string;
  /** The commit that is checked out: what experiments start from. */
  commit: string;
  /** Root of the git repository, absolute, and the project's folder in it: `""` or `sub/folder/`. */
  repository: string;
  prefix: string;
}

/**
 * Finds the places, and what would keep experiments of a clone from being those of this folder.
 * @throws StageError for a git remote that is not there, no default remote of DVC, and changes that no commit holds.
 */
export async function readSharedPlaces(gitRemote: string): Promise<SharedPlaces> {
  const commit = await headCommit();
  if (commit === undefined)
    throw new StageError("no commit is checked out: experiments in clones start from one.", {
      hint: "Commit the project first: `git add --all && git commit`.",
    });
  const repository = ((await git("rev-parse", "--show-toplevel")) ?? "").trim();
  const prefix = ((await git("rev-parse", "--show-prefix")) ?? "").trim();
  const url = (await git("remote", "get-url", "--push", gitRemote))?.trim();
  if (url === undefined)
    throw new StageError(`--git-remote ${gitRemote}: there is no such git remote; experiments come back through one.`, {
      hint: `\`git remote add ${gitRemote} ADDRESS\`, or name another: --git-remote NAME (\`git remote\` lists them).`,
    });
  const changed = ((await git("status", "--porcelain", "--untracked-files=no")) ?? "").split("\n").filter(Boolean);
  if (changed.length > 0)
    throw new StageError(
      `${changed.length} files differ from the commit that is checked out (${changed[0]?.slice(3)}${changed.length > 1 ? ", …" : ""}): clones do not have that.`,
      { hint: "Commit them, or take them back: `git status` lists them." },
    );
  return { gitRemote, gitUrl: absolute(url, repository), ...(await readDvc()), commit, repository, prefix };
}

/** An address as it holds in any folder: a path made absolute. */
const absolute = (url: string, base: string): string =>
  /^[\w+.-]+:/.test(url) || isAbsolute(url) || /^[^/]+@/.test(url) ? url : resolve(base, url);

async function readDvc(): Promise<Pick<SharedPlaces, "dvcFolder" | "cache">> {
  const { code, stdout } = await callDvc(["remote", "default"]);
  const name = stdout.toString().trim();
  if (code !== 0 || name === "" || /no default/i.test(name))
    throw new StageError("DVC has no default remote: what experiments in clones make is kept there.", {
      hint: "`dvc remote add --default NAME ADDRESS`, an address that all machines reach.",
    });
  const lines = (await callDvc(["remote", "list"])).stdout.toString().split("\n");
  const url = lines.find((line) => line.split(/\s/)[0] === name)?.replace(/^\S+\s+|\s+\(default\)\s*$/g, "") ?? "";
  return { dvcFolder: isAbsolute(url) ? { name, path: url } : undefined, cache: await cacheFolder() };
}

/**
 * Experiments of this commit that the git remote holds: commit by ref.
 * @throws StageError when it does not answer.
 */
export async function experimentsThere({ gitRemote, gitUrl, commit }: SharedPlaces): Promise<Map<string, string>> {
  const pattern = `refs/exps/${commit.slice(0, 2)}/${commit.slice(2)}/*`;
  const text = await git("ls-remote", "--quiet", gitRemote, pattern);
  if (text === undefined)
    throw new StageError(`--git-remote ${gitRemote}: ${withoutSecrets(gitUrl)} does not answer.`, {
      hint: `\`git ls-remote ${gitRemote}\` says why.`,
    });
  const lines = text.split("\n").filter(Boolean);
  return new Map(lines.map((line) => line.split("\t").reverse() as [string, string]));
}

/** The ref of an experiment of a commit. */
export const refOf = ({ commit }: Pick<SharedPlaces, "commit">, name: string): string =>
  `refs/exps/${commit.slice(0, 2)}/${commit.slice(2)}/${name}`;
