import { StageError } from "../runtime/errors.ts";
import { git } from "./git.ts";

/** A past state of the project: a commit, or one of DVC's experiments, which are commits too. */
export interface Revision {
  /** What a person calls it. */
  name: string;
  commit: string;
  /** Name and base of a DVC experiment. */
  experiment?: string;
  baseline?: string;
}

/** `refs/exps/ab/cdef…/NAME`: an experiment on commit abcdef… (https://github.com/iterative/dvc, dvc/repo/experiments/refs.py). */
const EXPERIMENT_REF = /^refs\/exps\/([0-9a-f]{2})\/([0-9a-f]{38})\/(.+)$/;

/** DVC's experiments, by the refs that it keeps. */
export async function listExperiments(): Promise<Revision[]> {
  const refs = await listRefs("refs/exps");
  return refs.flatMap(({ ref, commit }) => {
    const [, first, rest, name] = EXPERIMENT_REF.exec(ref) ?? [];
    return name === undefined ? [] : [{ name, commit, experiment: name, baseline: `${first}${rest}` }];
  });
}

/** The revisions that a person names: experiments, or anything that git takes for a commit. @throws StageError for others. */
export async function findRevisions(names: readonly string[]): Promise<Revision[]> {
  const experiments = await listExperiments();
  const found = names.map(async (name) => {
    const named = experiments.filter(({ experiment, commit }) => experiment === name || commit === name);
    if (named.length > 0) return named;
    const commit = (await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`))?.trim();
    if (commit) return [{ name, commit }];
    throw new StageError(`${name}: neither an experiment nor a commit.`, {
      hint: "`dvc exp list --all-commits` names the experiments.",
    });
  });
  return (await Promise.all(found)).flat();
}

/** All experiments, and what branches and tags stand at. */
export async function allRevisions(): Promise<Revision[]> {
  const heads = await listRefs("refs/heads", "refs/tags");
  const commits = heads.map(({ ref, commit }) => ({ name: ref.replace(/^refs\/(heads|tags)\//, ""), commit }));
  const all = [...(await listExperiments()), ...commits];
  return all.filter(({ commit }, i) => all.findIndex((other) => other.commit === commit) === i);
}

async function listRefs(...patterns: string[]): Promise<{ ref: string; commit: string }[]> {
  const text = (await git("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)", ...patterns)) ?? "";
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [ref, object, peeled] = line.split(" ") as [string, string, string?];
      return { ref, commit: peeled || object }; // an annotated tag leads on to its commit
    });
}
