import { attempt } from "./run.mjs";

/** Whether this folder is what DVC's experiments need: a git repository whose last commit holds the pipeline. */
export async function isCommitted() {
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
