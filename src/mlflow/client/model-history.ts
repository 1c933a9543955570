import { z } from "zod";
import { parseJson } from "../../runtime/parse-json.ts";
import { parseYaml } from "../../runtime/yaml.ts";
import type { Run } from "./runs.ts";

/** The tag by which MLflow 2's pages show which folders of a run's files are models. */
export const HISTORY_TAG = "mlflow.log-model.history";

const entrySchema = z.looseObject({ artifact_path: z.string(), model_uuid: z.string().optional() });
const historySchema = z.array(entrySchema);

/** A model among the files of a run, as MLflow 2 keeps it. */
export type HistoryEntry = z.infer<typeof entrySchema>;

/** The models among the files of a run, whoever has logged them. */
export const modelHistory = (run: Run): HistoryEntry[] => parseJson(historySchema, run.tags[HISTORY_TAG] ?? "") ?? [];

/**
 * What MLflow 2 is to know of a model in a run.
 * @param mlmodel text of its file MLmodel. @param time milliseconds since 1970. @param id 32 hexadecimal digits.
 */
export function historyEntry(
  run: Run,
  { path, id, time, mlmodel }: { path: string; id: string; time: number; mlmodel: string },
): HistoryEntry {
  return {
    run_id: run.id,
    artifact_path: path,
    utc_time_created: new Date(time).toISOString().replace("T", " ").replace("Z", "000"),
    model_uuid: id,
    flavors: flavorsOf(mlmodel),
  };
}

/** A file that is no MLmodel is logged as it is: nobody can load it, but the run is whole. */
function flavorsOf(mlmodel: string): object {
  try {
    return z.object({ flavors: z.record(z.string(), z.unknown()) }).parse(parseYaml(mlmodel, "MLmodel").value).flavors;
  } catch {
    return {};
  }
}
