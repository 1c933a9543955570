/*
 * What git says of the repository around a folder. The set-up asks before any package is installed, and commands and stages ask too: so it
 * is plain JavaScript, and each asks with its own means.
 */

/** What git is asked. */
export const QUESTION = ["rev-parse", "--is-shallow-repository"];

/** With these among its variables git answers in English. */
export const IN_ENGLISH = { LC_ALL: "C", LANGUAGE: "" };

/**
 * None where there is no git or no repository; `refused` where there is one that git does not open, with git's own words: it is another
 * user's, or damaged.
 *
 * @typedef {{kind: "none"} | {kind: "refused", message: string, hint: string} | {kind: "open", shallow: boolean}} Repository
 */

/**
 * Reads git's answer to {@link QUESTION}.
 *
 * @param {{ok: boolean, output: string}} answer all that git has printed
 * @returns {Repository}
 */
export function repositoryFrom({ ok, output }) {
  if (ok) return { kind: "open", shallow: output.trim() === "true" };
  const reason = /^fatal: (.+)$/m.exec(output)?.[1];
  // "(or any of the parent directories)", "(or any parent up to mount point /)"; without it git means a place that it was led to.
  if (reason === undefined || /^not a git repository \(or any /.test(reason)) return { kind: "none" };
  const exception = /^\s*(git config --global --add safe\.directory .+)$/m.exec(output)?.[1];
  const hint = exception === undefined ? "`git status` must work here first." : `If you trust it: \`${exception}\`.`;
  return {
    kind: "refused",
    message: `git does not open the repository of this folder: ${reason.replace(/\.$/, "")}.`,
    hint,
  };
}

/** What a shallow clone does to DVC's experiments, for people. */
export const SHALLOW = {
  message:
    "This is a shallow clone (`git clone --depth`, as CI checks out): DVC runs an experiment of --temp or the queue in it, and then loses it.",
  hint: "`git fetch --unshallow`; in a workflow of GitHub's: `fetch-depth: 0` for actions/checkout.",
};
