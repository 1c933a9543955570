/*
 * Where MLflow's tracking server is and how one logs in there, read from MLflow's own variables. Plain JavaScript: the doctor asks with the
 * very same credentials as the stages, before any package is installed.
 */

/**
 * Reads `MLFLOW_TRACKING_URI`; credentials in it, else `MLFLOW_TRACKING_USERNAME` and `_PASSWORD`, else `MLFLOW_TRACKING_TOKEN`: in
 * MLflow's order (https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/).
 *
 * @param {NodeJS.ProcessEnv} env
 * @returns {import("./address.ts").Address | undefined} nothing when it is not the address of a web server
 */
export function trackingAddress(env) {
  const text = env.MLFLOW_TRACKING_URI ?? "";
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const [user, password] = [decoded(url.username), decoded(url.password)];
  const { MLFLOW_TRACKING_USERNAME: name, MLFLOW_TRACKING_PASSWORD: word, MLFLOW_TRACKING_TOKEN: token } = env;
  return {
    base: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    authorization: user ? basic(user, password) : name && word ? basic(name, word) : token && `Bearer ${token}`,
    secrets: [url.password, password, word, token].flatMap((secret) => secret || []),
  };
}

/** @param {string} user @param {string} password */
const basic = (user, password) => `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

/** @param {string} text */
function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % was meant as it stands
  }
}
