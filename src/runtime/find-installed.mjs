import { existsSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { findUpwards } from "./find-upwards.mjs";
import { home, installed } from "./installation.mjs";

/**
 * Something that the set-up has made for a project (`.dvc-poison/…`, `.venv/…`), if it is there: in the package's repository from its own
 * folder upwards; where the package is installed, from the working folder upwards, for DVC's copies lie inside the project; else in the
 * repository that DVC names; else in the main worktree, for git gives another worktree only what it tracks.
 * @param {string} place from the project's folder
 * @returns {string | undefined}
 */
export function findInstalled(place) {
  if (!installed) return findUpwards(place, home);
  const here = process.cwd();
  for (const from of [here, process.env.DVC_ROOT, mainWorktree(here)]) {
    const found = from && findUpwards(place, resolve(from));
    if (found) return found;
  }
  return undefined;
}

/** The main worktree, where a folder is in another one: its `.git` is a file that names the main one's (https://git-scm.com/docs/gitrepository-layout). @param {string} folder */
export function mainWorktree(folder) {
  const file = findUpwards(".git", folder);
  try {
    const [, git] = /^gitdir: (.+)$/m.exec(readFileSync(file ?? "", "utf8")) ?? [];
    const main = git && dirname(dirname(dirname(resolve(dirname(file ?? ""), git)))); // MAIN/.git/worktrees/NAME
    return main && existsSync(join(main, "HEAD")) ? dirname(main) : undefined;
  } catch {
    return undefined; // a folder, or none
  }
}
