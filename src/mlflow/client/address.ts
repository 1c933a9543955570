import { withoutSecrets } from "../../runtime/address.mjs";
import { StageError } from "../../runtime/errors.ts";
import { commandLine } from "../../runtime/installation.mjs";
import { trackingAddress } from "./tracking-address.mjs";

/** Where a tracking server is, and how to log in there. Only `base` may ever be shown. */
export interface Address {
  /** Without credentials and without a slash at the end: `http://localhost:5000`. */
  base: string;
  /** Value of the `Authorization` header. */
  authorization: string | undefined;
  /** Texts that must not appear in any message. */
  secrets: string[];
}

/** As `trackingAddress`. @throws StageError when the address is not one of a web server. */
export function readAddress(env: NodeJS.ProcessEnv = process.env): Address {
  const address = trackingAddress(env);
  if (address) return address;
  const shown = withoutSecrets(env.MLFLOW_TRACKING_URI ?? "");
  throw new StageError(`MLFLOW_TRACKING_URI is "${shown}"; it must be the address of a server.`, {
    hint: `Set it to http://… or https://…, or unset it: \`${commandLine("mlflow")}\` starts a server at http://localhost:5000.`,
  });
}
