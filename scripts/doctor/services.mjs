import { SHALLOW } from "../../src/dvc/repository.mjs";
import { commandLine } from "../../src/runtime/installation.mjs";
import { askGit, isCommitted, lentIdentity } from "../setup/git.mjs";
import { unsettledMerge } from "../setup/merge.mjs";
import { attempt } from "../setup/run.mjs";
import { examineMlflow } from "./mlflow.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** What keeps the record of experiments: git and MLflow. @returns {Promise<Finding[]>} */
export const examineServices = async () =>
  (await Promise.all([examineGit(), examineHistory(), examineMerge(), examineMlflow()])).flat();

/** @returns {Promise<Finding>} */
async function examineGit() {
  const label = "git";
  const [version, repository, identity] = await Promise.all([attempt("git", ["--version"]), askGit(), lentIdentity()]);
  if (!version.ok) {
    return {
      label,
      text: "not installed",
      remedy: `\`${commandLine("start")}\` runs \`dvc repro\`; for experiments install git`,
    };
  }
  const text = version.stdout.trim().replace("git version ", "");
  if (repository.kind === "refused")
    return { label, text: `${text}; ${repository.message}`, fatal: true, remedy: repository.hint };
  if (!(await isCommitted())) {
    const remedy = `\`${commandLine("start")}\` runs \`dvc repro\`; for experiments: git init && git add -A && git commit`;
    return { label, text: `${text}; this folder is not in a commit`, remedy };
  }
  if (!identity) return { label, text: `${text}, with an identity` };
  const remedy = `\`${commandLine("start")}\` lends DVC one; plain \`dvc exp run\` needs it: git config user.name "You" && git config user.email you@example.org`;
  return { label, text: `${text}, without an identity`, remedy };
}

/** Worth a line only where it is not whole. @returns {Promise<Finding[]>} */
async function examineHistory() {
  const repository = await askGit();
  if (repository.kind !== "open" || !repository.shallow) return [];
  return [{ label: "git's history", text: SHALLOW.message, remedy: SHALLOW.hint }];
}

/** @returns {Promise<Finding[]>} */
async function examineMerge() {
  const merge = await unsettledMerge();
  return merge ? [{ label: "Merge", text: merge.message, fatal: true, remedy: merge.hint }] : [];
}
