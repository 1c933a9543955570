import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { conflictIn } from "../../src/runtime/conflict.mjs";
import { root } from "./paths.mjs";
import { attempt } from "./run.mjs";

/**
 * A merge that nobody has settled: DVC cannot read its files then, and makes no experiment as long as git holds any file for unmerged.
 *
 * @returns {Promise<{message: string, hint: string} | undefined>} the first file at fault, for people
 */
export async function unsettledMerge() {
  for (const file of ["dvc.yaml", "params.yaml", "dvc.lock"]) {
    const conflict = conflictIn(await readFile(join(root, file), "utf8").catch(() => ""), file);
    if (conflict) return conflict;
  }
  const { ok, stdout } = await attempt("git", ["diff", "--name-only", "--diff-filter=U", "-z"]);
  const [first, ...others] = ok ? stdout.split("\0").filter(Boolean) : [];
  if (first === undefined) return undefined;
  return {
    message: `${first}${others.length > 0 ? ` and ${others.length} more` : ""}: git holds a merge for unsettled, and DVC makes no experiment then.`,
    hint: "`git checkout --ours FILE` or `--theirs`, then `git add FILE`, for each that `git status` names; `dvc repro` renews what stages write. Or give the merge up: `git merge --abort`.",
  };
}
