import { withoutSecrets } from "../../runtime/address.mjs";
import { StageError } from "../../runtime/errors.ts";
import { commandLine } from "../../runtime/installation.mjs";

/** Where a tracking server is, and how to log in there. Only `base` may ever be shown. */
export interface Address {
  /** Without credentials and without a slash at the end: `http://localhost:5000`. */
  base: string;
  /** Value of the `Authorization` header. */
  authorization: string | undefined;
  /** Texts that must not appear in any message. */
  secrets: string[];
}

/**
 * Reads MLflow's own variables: `MLFLOW_TRACKING_URI`; credentials in it, else `MLFLOW_TRACKING_USERNAME` and `_PASSWORD`, else
 * `MLFLOW_TRACKING_TOKEN`: in MLflow's order (https://mlflow.org/docs/latest/self-hosting/security/basic-http-auth/).
 * @throws StageError when the address is not one of a web server.
 */
export function readAddress(env: NodeJS.ProcessEnv = process.env): Address {
  const text = env.MLFLOW_TRACKING_URI ?? "";
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) {
    throw new StageError(`MLFLOW_TRACKING_URI is "${withoutSecrets(text)}"; it must be the address of a server.`, {
      hint: `Set it to http://… or https://…, or unset it: \`${commandLine("mlflow")}\` starts a server at http://localhost:5000.`,
    });
  }
  const url = new URL(text);
  const [user, password] = [decoded(url.username), decoded(url.password)];
  const { MLFLOW_TRACKING_USERNAME: name, MLFLOW_TRACKING_PASSWORD: word, MLFLOW_TRACKING_TOKEN: token } = env;
  return {
    base: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    authorization: user ? basic(user, password) : name && word ? basic(name, word) : token && `Bearer ${token}`,
    secrets: [url.password, password, word, token].filter((secret): secret is string => Boolean(secret)),
  };
}

const basic = (user: string, password: string): string =>
  `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`;

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a lone % was meant as it stands
  }
}
