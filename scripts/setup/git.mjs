import { pathFault } from "../../src/dvc/path-fault.mjs";
import { IN_ENGLISH, QUESTION, repositoryFrom, SHALLOW } from "../../src/dvc/repository.mjs";
import { root } from "./paths.mjs";
import { attempt } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";

/** What git says of this folder. @returns {Promise<import("../../src/dvc/repository.mjs").Repository>} */
export const askGit = async () =>
  repositoryFrom(await attempt("git", QUESTION, { env: { ...process.env, ...IN_ENGLISH } }));

/**
 * Whether this folder is what DVC's experiments need: a git repository whose last commit holds the pipeline.
 *
 * @param {{copies?: boolean}} [wanted] whether the experiments run in copies of the repository, as with `--temp` and in the queue
 * @throws {SetupError} for a repository that git does not open, and where copies are wanted for a shallow one and a path that DVC fails at
 */
export async function isCommitted({ copies = false } = {}) {
  const repository = await askGit();
  if (repository.kind === "none") return false;
  if (repository.kind === "refused") throw new SetupError(repository.message, { hint: repository.hint });
  const fault = repository.shallow ? SHALLOW : pathFault(root);
  if (fault && copies) throw new SetupError(fault.message, fault);
  return (await attempt("git", ["rev-parse", "--verify", "--quiet", "HEAD:./dvc.yaml"])).ok;
}

/**
 * Variables that lend an identity to DVC where git has none. DVC records an experiment, and what it finds changed before it, as
 * commits of its own, and stops without an author: with `--temp` and `--queue` always, else from the second run on.
 *
 * @returns {Promise<Record<string, string> | undefined>} nothing where git has one
 */
export async function lentIdentity() {
  const kinds = ["GIT_AUTHOR", "GIT_COMMITTER"];
  const [name, email] = await Promise.all(["user.name", "user.email"].map((key) => attempt("git", ["config", key])));
  const given = (/** @type {string} */ part) => kinds.every((kind) => process.env[`${kind}_${part}`]);
  if ((name?.stdout.trim() || given("NAME")) && (email?.stdout.trim() || given("EMAIL"))) return undefined;
  const lent = kinds.flatMap((kind) => [
    [`${kind}_NAME`, "dvc-poison"],
    [`${kind}_EMAIL`, "dvc-poison@localhost"],
  ]);
  return Object.fromEntries(lent);
}
