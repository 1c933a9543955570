import { git, headCommit } from "../../dvc/git.ts";
import { listExperiments } from "../../dvc/refs.ts";
import { removeExperiments } from "../sweep/run-experiment.ts";

/**
 * Takes back the experiment that `dvc exp run` has added for a run in which nothing has changed: DVC keeps one each time, under another name. What a person
 * has named stays.
 * @param before refs of the experiments of before. @param args what `dvc exp run` was told.
 * @returns what holds the same files already: an experiment, or the commit that is checked out; nothing when the run is new.
 */
export async function dropRepeat(before: readonly string[], args: readonly string[]): Promise<string | undefined> {
  const head = await headCommit();
  if (head === undefined) return undefined;
  const known = new Set(before);
  const experiments = (await listExperiments()).filter(({ baseline }) => baseline === head);
  const added = experiments.filter(({ ref }) => !known.has(ref as string));
  const [run] = added;
  const commits = [head, ...experiments.flatMap(({ ref, commit }) => (known.has(ref as string) ? commit : []))];
  const names = [
    "the commit that is checked out",
    ...experiments.flatMap(({ ref, name }) => (known.has(ref as string) ? `experiment ${name}` : [])),
  ];
  if (run === undefined || added.length > 1) return undefined;
  const trees = await treesOf([run.commit, ...commits]);
  const same = trees.indexOf(trees[0] as string, 1);
  if (same < 0) return undefined;
  if (!args.some((arg) => /^(-n|--name)(=|$)/.test(arg))) await removeExperiments([run]);
  return names[same - 1];
}

/** The trees of commits, in their order. */
async function treesOf(commits: readonly string[]): Promise<string[]> {
  const text = (await git("rev-parse", ...commits.map((commit) => `${commit}^{tree}`))) ?? "";
  return text.trim().split("\n");
}
