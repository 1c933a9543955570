import { z } from "zod";
import type { Client } from "./client.ts";
import { MlflowError } from "./mlflow-error.ts";

/** An experiment of MLflow: by its name, or by its id on a server; one with both must have both. */
export type ExperimentRef = { name: string; id?: undefined } | { id: string; name?: string | undefined };

/** The code of an experiment's id that the server does not have. */
export const NO_SUCH_ID = "NO_SUCH_EXPERIMENT_ID";

/** The id of an experiment. One that goes by its name alone is created when there is none. */
export async function experimentId(client: Client, ref: ExperimentRef): Promise<string> {
  if (ref.id !== undefined) return known(client, ref.id, ref.name);
  const { name } = ref;
  const existing = async () =>
    usable((await client.get("experiments/get-by-name", { experiment_name: name }, answer)).experiment, name);
  try {
    return await existing();
  } catch (error) {
    if ((error as MlflowError).code !== "RESOURCE_DOES_NOT_EXIST") throw error;
  }
  try {
    const created = z.object({ experiment_id: z.string() });
    return (await client.send("POST", "experiments/create", { name }, created)).experiment_id;
  } catch (error) {
    if ((error as MlflowError).code !== "RESOURCE_ALREADY_EXISTS") throw error;
    return existing(); // another process was faster
  }
}

const answer = z.object({
  experiment: z.object({ experiment_id: z.string(), name: z.string().optional(), lifecycle_stage: z.string() }),
});

async function known(client: Client, id: string, name: string | undefined): Promise<string> {
  const refuse = (what: string) => new MlflowError(`the experiment ${id}: ${what}`, { status: 400, code: NO_SUCH_ID });
  const { experiment } = await client
    .get("experiments/get", { experiment_id: id }, answer)
    .catch((error: MlflowError) => {
      if (!["RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"].includes(error.code ?? "")) throw error;
      throw refuse("this server has none with that id; set MLFLOW_EXPERIMENT_ID to one of its own, or unset it");
    });
  if (name !== undefined && experiment.name !== name)
    throw refuse(
      `its name is "${experiment.name}", not "${name}": set MLFLOW_EXPERIMENT_ID or MLFLOW_EXPERIMENT_NAME, not both`,
    );
  return usable(experiment, experiment.name ?? id);
}

function usable(experiment: z.infer<typeof answer>["experiment"], name: string): string {
  if (experiment.lifecycle_stage !== "deleted") return experiment.experiment_id;
  throw new MlflowError(`the experiment "${name}" is deleted: restore it, or set MLFLOW_EXPERIMENT_NAME`, {
    status: 400,
  });
}
