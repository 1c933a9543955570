import { git } from "../../dvc/git.ts";
import { StageError } from "../../runtime/errors.ts";
import type { Finished } from "./results.ts";

/**
 * Tags the commit of each level's first seed, `poison-7.5`, as the study did: `dvc metrics diff poison-0 poison-7.5` then works in a
 * review, and `git push --tags` publishes them. DVC made a commit for each experiment; no branch is touched.
 * @param force moves tags that point elsewhere.
 */
export async function tagLevels(finished: readonly Finished[], label: string, force: boolean): Promise<string> {
  const first = new Map<number, Finished>();
  for (const run of [...finished].sort((a, b) => b.cell.seed - a.cell.seed)) first.set(run.cell.level, run);
  const tags: string[] = [];
  for (const [level, { commit }] of [...first].sort(([a], [b]) => a - b)) {
    const tag = `poison-${level}${label && `-${label}`}`;
    const present = (await git("rev-parse", "--verify", "--quiet", `refs/tags/${tag}^{commit}`))?.trim();
    if (present !== undefined && present !== commit && !force) {
      throw new StageError(`--tag: the tag ${tag} exists and is another run.`, {
        hint: `Move it with --force, or remove it: git tag -d ${tag}`,
      });
    }
    if ((await git("tag", "--force", tag, commit)) === undefined)
      throw new StageError(`--tag: git cannot make the tag ${tag}.`);
    tags.push(tag);
  }
  return `tagged: ${tags.join(", ")}`;
}
