import { attempt } from "../setup/run.mjs";
import { answer, withoutSecrets } from "./network.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** What keeps the record of experiments: git and MLflow. @returns {Promise<Finding[]>} */
export const examineServices = () => Promise.all([examineGit(), examineMlflow()]);

/** @returns {Promise<Finding>} */
async function examineGit() {
  const label = "git";
  const [version, commit, name, email] = await Promise.all([
    attempt("git", ["--version"]),
    attempt("git", ["rev-parse", "--verify", "--quiet", "--short", "HEAD"]),
    attempt("git", ["config", "user.name"]),
    attempt("git", ["config", "user.email"]),
  ]);
  if (!version.ok)
    return { label, text: "not installed", remedy: "without it there is `dvc repro`, but no experiments: install git" };
  const text = version.stdout.trim().replace("git version ", "");
  if (!commit.ok) {
    const remedy = "`npm start` runs `dvc repro`; for experiments: git init && git add -A && git commit";
    return { label, text: `${text}; this folder is no repository with a commit`, remedy };
  }
  const at = `${text}, at commit ${commit.stdout.trim()}`;
  const authorSet = process.env.GIT_AUTHOR_NAME && process.env.GIT_COMMITTER_NAME;
  if ((name.ok && email.ok) || authorSet) return { label, text: `${at}, with an identity` };
  const remedy =
    'dvc exp run --temp and --queue need one: git config user.name "You" && git config user.email you@example.org';
  return { label, text: `${at}, without an identity`, remedy };
}

/** @returns {Promise<Finding>} */
async function examineMlflow() {
  const label = "MLflow server";
  const uri = process.env.MLFLOW_TRACKING_URI;
  if (!uri) return { label, text: "MLFLOW_TRACKING_URI is not set: runs are not logged" };
  const shown = withoutSecrets(uri);
  if (!/^https?:/.test(uri)) {
    return {
      label,
      text: `${shown} is not the address of a server`,
      remedy: "set MLFLOW_TRACKING_URI to http://… or https://…, or unset it",
    };
  }
  const { MLFLOW_TRACKING_TOKEN: token, MLFLOW_TRACKING_USERNAME: name } = process.env;
  const basic = name && `Basic ${btoa(`${name}:${process.env.MLFLOW_TRACKING_PASSWORD ?? ""}`)}`;
  const authorization = token ? `Bearer ${token}` : basic;
  const fault = await answer(`${uri.replace(/\/+$/, "")}/health`, authorization ? { headers: { authorization } } : {});
  if (!fault) return { label, text: `${shown} answers` };
  const remedy = "start the server (.venv/bin/mlflow server), or correct MLFLOW_TRACKING_URI; runs go on without it";
  return { label, text: `${shown}: ${fault}`, remedy };
}
