import { commandLine } from "../../src/runtime/installation.mjs";
import { isCommitted, lentIdentity } from "../setup/git.mjs";
import { attempt } from "../setup/run.mjs";
import { examineMlflow } from "./mlflow.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** What keeps the record of experiments: git and MLflow. @returns {Promise<Finding[]>} */
export const examineServices = () => Promise.all([examineGit(), examineMlflow()]);

/** @returns {Promise<Finding>} */
async function examineGit() {
  const label = "git";
  const [version, committed, identity] = await Promise.all([
    attempt("git", ["--version"]),
    isCommitted(),
    lentIdentity(),
  ]);
  if (!version.ok) {
    return {
      label,
      text: "not installed",
      remedy: `\`${commandLine("start")}\` runs \`dvc repro\`; for experiments install git`,
    };
  }
  const text = version.stdout.trim().replace("git version ", "");
  if (!committed) {
    const remedy = `\`${commandLine("start")}\` runs \`dvc repro\`; for experiments: git init && git add -A && git commit`;
    return { label, text: `${text}; this folder is not in a commit`, remedy };
  }
  if (!identity) return { label, text: `${text}, with an identity` };
  const remedy = `\`${commandLine("start")}\` lends DVC one; plain \`dvc exp run\` needs it: git config user.name "You" && git config user.email you@example.org`;
  return { label, text: `${text}, without an identity`, remedy };
}
