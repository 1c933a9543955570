import { StageError } from "../../runtime/errors.ts";
import { type Address, readAddress } from "../client/address.ts";

/**
 * Where a server is, by its address or by `MLFLOW_TRACKING_URI`; credentials come from the address, else from MLflow's own variables.
 * @throws StageError when it is not the address of a web server.
 */
export function addressOf(uri = process.env.MLFLOW_TRACKING_URI): Address {
  try {
    return readAddress({ ...process.env, MLFLOW_TRACKING_URI: uri });
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    const hint =
      "Set MLFLOW_TRACKING_URI, or the option `uri`: http://localhost:5000. `mlflow server` starts one there.";
    throw new StageError(error.message, { hint, cause: error }); // this need not be a project with a script that starts one
  }
}
