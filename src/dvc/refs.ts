import { StageError } from "../runtime/errors.ts";
import { git, headCommit } from "./git.ts";

/** A past state of the project: a commit, or one of DVC's experiments, which are commits too. */
export interface Revision {
  /** What a person calls it. */
  name: string;
  commit: string;
  /** Name and base of the DVC experiment that this commit is, however it was named. */
  experiment?: string;
  baseline?: string;
  /** The experiment's ref, by which DVC takes it for no other of its name. */
  ref?: string;
}

/** `refs/exps/ab/cdef…/NAME`: an experiment on commit abcdef… (https://github.com/iterative/dvc, dvc/repo/experiments/refs.py). */
const EXPERIMENT_REF = /^refs\/exps\/([0-9a-f]{2})\/([0-9a-f]{38}|[0-9a-f]{62})\/([^/]+)$/;

/** DVC's experiments, by the refs that it keeps; those that start from the commit that is checked out come first. */
export async function listExperiments(): Promise<Revision[]> {
  const [head, refs] = await Promise.all([headCommit(), listRefs("refs/exps")]);
  const found = refs.flatMap(({ ref, commit }) => {
    const [, first, rest, name] = EXPERIMENT_REF.exec(ref) ?? [];
    return name === undefined ? [] : [{ name, commit, experiment: name, baseline: `${first}${rest}`, ref }];
  });
  const here = ({ baseline }: Revision) => Number(baseline === head);
  return found.sort((a, b) => here(b) - here(a));
}

/**
 * The revision that a person names, as DVC understands a name (dvc/scm.py): what git takes for a commit, so also a branch that
 * `dvc exp branch` made; else a branch of a remote; else an experiment, of several with one name the one that starts from the commit
 * that is checked out.
 * @param flag where the name came from, for messages.
 * @throws StageError for others.
 */
export async function findRevision(name: string, flag?: string): Promise<Revision> {
  const said = flag === undefined ? name : `${flag} ${name}`;
  const experiments = await listExperiments();
  const commit = (await commitOf(name)) ?? (await remoteBranch(name));
  if (commit !== undefined) {
    const same = experiments.find((experiment) => experiment.commit === commit);
    return { ...same, name: same?.commit === name ? same.name : name, commit };
  }
  const named = experiments.filter(({ experiment }) => experiment === name);
  const [first, second] = named;
  if (first && (second === undefined || first.baseline === (await headCommit()))) return first;
  if (first === undefined) {
    throw new StageError(`${said}: neither a git revision nor a DVC experiment.`, {
      hint: "`git log --oneline --all` and `dvc exp list --all-commits` show what there is; `git fetch` brings what is not here.",
    });
  }
  const commits = named.map(({ commit, baseline }) => `${commit.slice(0, 7)} on ${baseline?.slice(0, 7)}`);
  throw new StageError(`${said}: ${named.length} experiments have this name: ${commits.join(", ")}.`, {
    hint: "Name one by its commit.",
  });
}

/** All experiments, and what branches and tags stand at. */
export async function allRevisions(): Promise<Revision[]> {
  const heads = await listRefs("refs/heads", "refs/tags");
  const commits = heads.map(({ ref, commit }) => ({ name: ref.replace(/^refs\/(heads|tags)\//, ""), commit }));
  const all = [...(await listExperiments()), ...commits];
  return all.filter(({ commit }, i) => all.findIndex((other) => other.commit === commit) === i);
}

const commitOf = async (name: string): Promise<string | undefined> =>
  (await git("rev-parse", "--verify", "--quiet", "--end-of-options", `${name}^{commit}`))?.trim();

/** Where the branch of this name stands, when it is in remotes alone and they agree. */
async function remoteBranch(name: string): Promise<string | undefined> {
  const refs = await listRefs("refs/remotes");
  const commits = refs
    .filter(({ ref }) => ref.replace(/^refs\/remotes\/[^/]+\//, "") === name)
    .map(({ commit }) => commit);
  const [first, ...others] = new Set(commits);
  return others.length === 0 ? first : undefined;
}

async function listRefs(...patterns: string[]): Promise<{ ref: string; commit: string }[]> {
  const format = "--format=%(refname) %(objecttype) %(objectname) %(*objecttype) %(*objectname)";
  const text = (await git("for-each-ref", format, ...patterns)) ?? "";
  return text.split("\n").flatMap((line) => {
    const [ref = "", type, object, ...peeled] = line.split(" ");
    const [targetType, target] = type === "tag" ? peeled : [type, object]; // an annotated tag leads on to its commit
    return targetType === "commit" && target ? [{ ref, commit: target }] : [];
  });
}
