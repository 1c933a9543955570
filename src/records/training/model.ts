import { z } from "zod";
import { poolSchema } from "../features/features-metadata.ts";
import { imageParamsSchema } from "../features/image-params.ts";
import { checked, type Fault, open } from "../format/check.ts";
import { jsonFile } from "../format/json.ts";

const size = z.int().min(1);

const metadataSchema = open({
  classes: z.array(z.string().min(1)).min(2).describe("names, in the order that numbers them"),
  base: z.string().min(1).describe("the network that made the features"),
  image: imageParamsSchema,
  pool: poolSchema.optional(),
});

const ofAnyFeatures = open({
  ...metadataSchema.shape,
  base: z.string().min(1).optional(),
  image: imageParamsSchema.optional(),
});

/** {@link ModelMetadata} of a model whose features need not be of images. */
export type AnyModelMetadata = z.infer<typeof ofAnyFeatures>;

/** What a model file says beside the model: class names in their order, and how images become features. */
export type ModelMetadata = z.infer<typeof metadataSchema>;

const layerSchema = open({
  class_name: z.string(),
  config: open({
    name: z.string(),
    units: size.optional(),
    activation: z.string().optional(),
    batch_input_shape: z.tuple([z.null()], size).optional(),
  }),
});

const shape = {
  format: z.literal("layers-model"),
  generatedBy: z.string(),
  convertedBy: z.null(),
  modelTopology: open({
    model_config: open({
      class_name: z.literal("Sequential"),
      config: open({ name: z.string(), layers: z.array(layerSchema).min(2) }),
    }),
  }),
  weightsManifest: z
    .array(
      open({
        paths: z.array(z.string()).length(1),
        weights: z.array(open({ name: z.string(), shape: z.array(size).min(1), dtype: z.literal("float32") })).min(4),
      }),
    )
    .length(1),
};
const schema = open({ ...shape, userDefinedMetadata: metadataSchema });
const anySchema = open({ ...shape, userDefinedMetadata: ofAnyFeatures });

/** A TensorFlow.js layers model: https://github.com/tensorflow/tfjs/blob/master/tfjs-core/src/io/types.ts (`ModelJSON`). */
export type ModelDescription = z.infer<typeof schema>;

type AnyModel = z.infer<typeof anySchema>;

/** data/model/model.json: the top model without its weights, and what is needed to classify images with it. */
export const modelFile = jsonFile(checked(schema, faultOf), { stage: "train-top" });

/** As {@link modelFile}, of features that need not be of images. */
export const anyModelFile = jsonFile(checked(anySchema, faultOf), { stage: "train-top" });

/** Shape of the features that go in, e.g. [4, 4, 512], number of probabilities that come out, and whether rows are made one long. */
export function modelShape({ modelTopology }: AnyModel): { input: number[]; outputs: number; unitLength?: true } {
  const { layers } = modelTopology.model_config.config;
  const [, ...input] = layers[0]?.config.batch_input_shape ?? [null];
  const unitLength = layers.some(({ class_name }) => class_name === "LayerNormalization");
  return { input, outputs: layers.at(-1)?.config.units ?? 0, ...(unitLength && { unitLength }) };
}

/** How many values the weights have in all. */
export const weightCount = ({ weightsManifest }: AnyModel): number =>
  weightsManifest.flatMap(({ weights }) => weights).reduce((sum, { shape }) => sum + product(shape), 0);

/** Class names, outputs and weights must fit together: TensorFlow.js would compute with what does not, and be wrong. */
function faultOf(model: AnyModel): Fault | undefined {
  const { classes } = model.userDefinedMetadata;
  const layers = ["modelTopology", "model_config", "config", "layers"];
  const { config } = model.modelTopology.model_config.config.layers.at(-1) ?? {};
  const { input, outputs, unitLength } = modelShape(model);
  const at = model.modelTopology.model_config.config.layers.length - 1;
  if (new Set(classes).size !== classes.length)
    return [["userDefinedMetadata", "classes"], "a class stands there twice"];
  if (input.length === 0) return [[...layers, 0, "config"], "it does not say the shape of its input"];
  const [units, activation] = classes.length === 2 ? [1, "sigmoid"] : [classes.length, "softmax"];
  if (outputs !== units)
    return [["userDefinedMetadata", "classes"], `the model has ${outputs} output${outputs === 1 ? "" : "s"}`];
  if (config?.activation !== activation)
    return [[...layers, at, "config", "activation"], `for ${classes.length} classes it must be ${activation}`];
  const found = model.weightsManifest.flatMap(({ weights }) => weights.map(({ shape }) => shape));
  const hidden = found.at(-3)?.[0] as number;
  const dense = [[product(input), hidden], [hidden], [hidden, outputs], [outputs]]; // kernel, bias, kernel, bias
  const expected = [
    ...(unitLength
      ? [
          [1, 1, 2],
          [1, 2, 1],
        ]
      : []),
    ...dense,
  ];
  if (found.length !== expected.length)
    return [["weightsManifest", 0, "weights"], `by the layers there must be ${expected.length}, not ${found.length}`];
  const wrong = expected.findIndex((shape, i) => shape.join() !== found[i]?.join());
  return wrong < 0
    ? undefined
    : [["weightsManifest", 0, "weights", wrong, "shape"], `by the layers it must be [${expected[wrong]?.join(", ")}]`];
}

const product = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1);
