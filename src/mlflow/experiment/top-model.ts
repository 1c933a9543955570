import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { fileMd5 } from "../../dvc/md5.ts";
import { openFeatures } from "../../records/features/features.ts";
import { modelFile, modelShape } from "../../records/training/model.ts";
import type { ModelEvent } from "../record/events.ts";

/** Python packages that load the model. */
const REQUIREMENTS = ["mlflow>=2.14", "keras>=3,<4", "tensorflow>=2.16"];
const PYTHON = "3.11";

/**
 * The top model as an MLflow model of the Keras flavor, from features to probability: `mlflow.pyfunc.load_model` and
 * `mlflow models serve` take it (https://mlflow.org/docs/latest/ml/model/#storage-format).
 * @param files.model folder with `model.keras` and `model.json`. @param files.features folder; its first validation row is the example.
 * @returns nothing when there is no `model.keras`.
 */
export async function topModelEvent(
  files: { model: string; features: string },
  options: Pick<ModelEvent, "step" | "params" | "metrics"> & { register?: string | undefined },
): Promise<ModelEvent | undefined> {
  const keras = resolve(files.model, "model.keras");
  const size = await stat(keras).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) return undefined;
  const model = await modelFile.read(join(files.model, "model.json"));
  const { classes } = model.userDefinedMetadata;
  const { input, outputs } = modelShape(model);
  const example = await exampleOf(files.features);
  const json = (value: unknown) => JSON.stringify(value);
  const { register, ...rest } = options;
  const mlmodel = {
    flavors: {
      keras: { data: "data", keras_backend: "tensorflow", save_exported_model: false },
      python_function: {
        env: { conda: "conda.yaml", virtualenv: "python_env.yaml" },
        loader_module: "mlflow.keras",
        python_version: PYTHON,
      },
    },
    metadata: { classes, output: outputs === 1 ? `probability of ${classes[1]}` : "probability of each class" },
    model_size_bytes: size,
    ...(example && {
      saved_input_example_info: {
        artifact_path: "input_example.json",
        serving_input_path: "serving_input_example.json",
        type: "ndarray",
      },
    }),
    signature: { inputs: json([tensor([-1, ...input])]), outputs: json([tensor([-1, outputs])]), params: null },
  };
  const conda = { name: "mlflow-env", dependencies: [`python=${PYTHON}`, "pip", { pip: REQUIREMENTS }] };
  return {
    type: "model",
    name: "top-model",
    digest: await fileMd5(keras),
    ...rest,
    ...(register !== undefined && { register }),
    files: [
      { path: "MLmodel", text: stringify(mlmodel) },
      { path: "data/model.keras", file: keras },
      { path: "data/keras_module.txt", text: "keras" },
      { path: "requirements.txt", text: `${REQUIREMENTS.join("\n")}\n` },
      { path: "conda.yaml", text: stringify(conda) },
      { path: "python_env.yaml", text: stringify({ python: PYTHON, dependencies: ["-r requirements.txt"] }) },
      ...(example
        ? [
            { path: "input_example.json", text: json(example) },
            { path: "serving_input_example.json", text: json({ inputs: example }) },
          ]
        : []),
    ],
  };
}

const tensor = (shape: number[]) => ({ type: "tensor", "tensor-spec": { dtype: "float32", shape } });

/** The first validation image's features, nested as their shape [1, h, w, channels]; nothing when they are not at hand. */
async function exampleOf(folder: string): Promise<unknown[] | undefined> {
  const reader = await openFeatures(folder, "validation").catch(() => undefined);
  if (reader === undefined) return undefined;
  const values = new Float32Array(reader.rowLength);
  reader.read([0], values);
  await reader.close();
  return [nest([...values], reader.rowShape)];
}

/** A flat list as nested lists of the given shape. */
function nest(values: unknown[], shape: readonly number[]): unknown {
  return shape.slice(1).reduceRight((list, size) => {
    return Array.from({ length: list.length / size }, (_, i) => list.slice(i * size, (i + 1) * size));
  }, values);
}
