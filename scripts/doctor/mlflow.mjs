import { trackingAddress } from "../../src/mlflow/client/tracking-address.mjs";
import { OLDEST, readVersion, TOO_OLD } from "../../src/mlflow/client/version.mjs";
import { withoutSecrets } from "../../src/runtime/address.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

const LIMIT_MS = 3000;

const RUNS_GO_ON = "runs go on without it";

/** Whether stages can log to the MLflow server: it is asked what they ask, with their credentials. @returns {Promise<Finding>} */
export async function examineMlflow() {
  const label = "MLflow server";
  const uri = process.env.MLFLOW_TRACKING_URI;
  if (!uri) return { label, text: "MLFLOW_TRACKING_URI is not set: runs are not logged" };
  const address = trackingAddress(process.env);
  if (!address) {
    return {
      label,
      text: `${withoutSecrets(uri)} is not the address of a server`,
      remedy: "set MLFLOW_TRACKING_URI to http://… or https://…, or unset it",
    };
  }
  try {
    const { base } = address;
    const asked = await ask(address, "version");
    const version = asked.ok ? readVersion(asked.text) : undefined;
    if (version && !version.supported)
      return { label, text: `${base} is MLflow ${version.text}, to which nothing is logged`, remedy: TOO_OLD };
    // Health and version are told to everybody; runs are not.
    const { ok, status, said, text } = await ask(address, "api/2.0/mlflow/experiments/search", { max_results: 1 });
    if (!ok || !isMapping(text))
      return {
        label,
        text: `${base}: ${ok ? "it answers, but not as MLflow does" : `it answers ${said}`}`,
        remedy: remedyOf(status),
      };
    if (!version)
      return { label, text: `${base} answers; it does not tell its version (MLflow ${OLDEST} or newer is needed)` };
    const models = version.loggedModels ? "" : ": models are logged among the files of their runs";
    return { label, text: `${base} answers: MLflow ${version.text}${models}` };
  } catch (error) {
    const remedy = `start the server (.venv/bin/mlflow server), or correct MLFLOW_TRACKING_URI; ${RUNS_GO_ON}`;
    return { label, text: `${address.base}: ${reason(error)}`, remedy };
  }
}

/** @param {number} status */
function remedyOf(status) {
  if (status === 401 || status === 403)
    return `set MLFLOW_TRACKING_USERNAME and MLFLOW_TRACKING_PASSWORD, or MLFLOW_TRACKING_TOKEN, to an account of that server; ${RUNS_GO_ON}`;
  return `correct MLFLOW_TRACKING_URI; ${RUNS_GO_ON}`;
}

/**
 * @param {import("../../src/mlflow/client/address.ts").Address} address
 * @param {string} path after the address
 * @param {object} [body] what is sent; without it the path is only read
 */
async function ask({ base, authorization }, path, body) {
  const headers = { "content-type": "application/json", ...(authorization && { authorization }) };
  const response = await fetch(`${base}/${path}`, {
    headers,
    redirect: "manual",
    signal: AbortSignal.timeout(LIMIT_MS),
    ...(body && { method: "POST", body: JSON.stringify(body) }),
  });
  const { ok, status, statusText } = response;
  return { ok, status, said: `${status} ${statusText}`.trim(), text: await response.text() };
}

/** @param {string} text */
function isMapping(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** `fetch` hides what happened in `cause`. @param {unknown} error */
function reason(error) {
  const { name, message, cause } = /** @type {Error} */ (error);
  if (name === "TimeoutError") return `no answer within ${LIMIT_MS / 1000} s`;
  return withoutSecrets(cause instanceof Error ? cause.message || String(/** @type {any} */ (cause).code) : message);
}
