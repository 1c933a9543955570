import { withoutSecrets } from "../../runtime/address.mjs";
import { StageError } from "../../runtime/errors.ts";
import { commandLine } from "../../runtime/installation.mjs";
import { type Address, trackingAddress } from "./tracking-address.mjs";

export type { Address } from "./tracking-address.mjs";

/** As `trackingAddress`. @throws StageError when the address is not one of a web server. */
export function readAddress(env: NodeJS.ProcessEnv = process.env): Address {
  const address = trackingAddress(env);
  if (address) return address;
  const shown = withoutSecrets(env.MLFLOW_TRACKING_URI ?? "");
  throw new StageError(`MLFLOW_TRACKING_URI is "${shown}"; it must be the address of a server.`, {
    hint: `Set it to http://… or https://…, or unset it: \`${commandLine("mlflow")}\` starts a server at http://localhost:5000.`,
  });
}
