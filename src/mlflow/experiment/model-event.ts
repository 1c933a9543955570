import { existsSync } from "node:fs";
import { stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { fileMd5 } from "../../dvc/md5.ts";
import { openFeatures } from "../../records/features/features.ts";
import { type ModelDescription, modelFile, modelShape } from "../../records/training/model.ts";
import type { Artifact } from "../client/artifacts.ts";
import type { ModelEvent } from "../record/events.ts";
import {
  INPUTS,
  MODULE,
  OUTPUTS,
  PICTURE_EXAMPLE,
  PICTURE_MODULE,
  PICTURE_REQUIREMENTS,
  pictureFile,
} from "./picture-model.ts";

/** Python packages that load the model. */
const REQUIREMENTS = ["mlflow>=2.14", "keras>=3,<4", "tensorflow>=2.16"];
const PYTHON = "3.11";

/**
 * What a training's run holds as its model, of the Keras flavor (https://mlflow.org/docs/latest/ml/model/#storage-format), so that
 * `mlflow.pyfunc.load_model` and `mlflow models serve` take it: the top model, from features to probability; where the training wrote the whole
 * network (`train.export_full`) that, from a picture to its class.
 * @param files.model folder with `model.keras` and `model.json`. @param files.features folder; its first validation row is the top model's example.
 * @returns nothing when there is no `model.keras`.
 */
export async function modelEvent(
  files: { model: string; features: string },
  options: Pick<ModelEvent, "step" | "params" | "metrics" | "datasets"> & { register?: string | undefined },
): Promise<ModelEvent | undefined> {
  const whole = resolve(files.model, "full.keras");
  const pictures = existsSync(whole);
  const keras = pictures ? whole : resolve(files.model, "model.keras");
  if (!existsSync(keras)) return undefined;
  const model = await modelFile.read(join(files.model, "model.json"));
  const { register, ...rest } = options;
  const parts = pictures ? pictureParts(model) : await featureParts(model, files.features);
  const requirements = [...REQUIREMENTS, ...parts.requirements];
  const mlmodel = {
    flavors: {
      keras: { data: "data", keras_backend: "tensorflow", save_exported_model: false },
      python_function: {
        ...parts.loader,
        env: { conda: "conda.yaml", virtualenv: "python_env.yaml" },
        python_version: PYTHON,
      },
    },
    metadata: { classes: model.userDefinedMetadata.classes, output: parts.output },
    model_size_bytes: (await stat(keras)).size,
    ...(parts.example && {
      saved_input_example_info: {
        artifact_path: "input_example.json",
        serving_input_path: "serving_input_example.json",
        ...parts.example.kind,
      },
    }),
    signature: { inputs: json(parts.inputs), outputs: json(parts.outputs), params: null },
  };
  const conda = { name: "mlflow-env", dependencies: [`python=${PYTHON}`, "pip", { pip: requirements }] };
  return {
    type: "model",
    name: pictures ? "full-model" : "top-model",
    digest: await fileMd5(keras),
    ...rest,
    ...(register !== undefined && { register }),
    files: [
      { path: "MLmodel", text: stringify(mlmodel) },
      { path: "data/model.keras", file: keras },
      { path: "data/keras_module.txt", text: "keras" },
      { path: "requirements.txt", text: `${requirements.join("\n")}\n` },
      { path: "conda.yaml", text: stringify(conda) },
      { path: "python_env.yaml", text: stringify({ python: PYTHON, dependencies: ["-r requirements.txt"] }) },
      ...parts.files,
      ...(parts.example
        ? [
            { path: "input_example.json", text: json(parts.example.input) },
            { path: "serving_input_example.json", text: json(parts.example.request) },
          ]
        : []),
    ],
  };
}

/** In what the two kinds of models differ. */
interface Parts {
  loader: Record<string, string>;
  requirements: string[];
  /** What comes out, for people. */
  output: string;
  inputs: unknown[];
  outputs: unknown[];
  example: { kind: Record<string, string>; input: unknown; request: unknown } | undefined;
  files: Artifact[];
}

/** From features [n, h, w, channels] to probabilities, by MLflow's own loader. */
async function featureParts(model: ModelDescription, features: string): Promise<Parts> {
  const { classes } = model.userDefinedMetadata;
  const { input, outputs } = modelShape(model);
  const example = await exampleOf(features);
  return {
    loader: { loader_module: "mlflow.keras" },
    requirements: [],
    output: outputs === 1 ? `probability of ${classes[1]}` : "probability of each class",
    inputs: [tensor([-1, ...input])],
    outputs: [tensor([-1, outputs])],
    example: example && { kind: { type: "ndarray" }, input: example, request: { inputs: example } },
    files: [],
  };
}

/** From pictures to classes, by a module that the model brings along. */
function pictureParts({ userDefinedMetadata: { image, classes } }: ModelDescription): Parts {
  return {
    loader: { loader_module: MODULE, code: "code", data: "data" },
    requirements: PICTURE_REQUIREMENTS,
    output: "class, its probability, and the probability of each class",
    inputs: INPUTS,
    outputs: OUTPUTS,
    example: {
      kind: { type: "dataframe", pandas_orient: "split" },
      input: PICTURE_EXAMPLE,
      request: { dataframe_split: PICTURE_EXAMPLE },
    },
    files: [
      { path: `code/${MODULE}.py`, text: PICTURE_MODULE },
      { path: "data/picture.json", text: pictureFile(image, classes) },
    ],
  };
}

const json = (value: unknown): string => JSON.stringify(value);

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
