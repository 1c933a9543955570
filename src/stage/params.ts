import { sep } from "node:path";
import { z } from "zod";
import { BALANCES } from "../attacks/apportion.ts";
import { ATTACK_NAMES } from "../attacks/index.ts";
import { parsePlace, sectionOf } from "../dvc/params-place.ts";
import { NETWORK_NAMES } from "../networks/index.ts";
import { POOLS } from "../networks/pool.ts";
import { PREPROCESSINGS, RESIZES } from "../records/features/image-params.ts";
import { LAYOUTS } from "../records/format/image-shards.ts";
import { StageError } from "../runtime/errors.ts";
import { commandLine, installed } from "../runtime/installation.mjs";
import { oneLine } from "../runtime/printable.mjs";
import { parseYaml } from "../runtime/yaml.ts";
import { OPTIMIZERS } from "../train/optimizer.ts";
import { STANDARDIZATIONS } from "../train/standardize.ts";
import { nearMiss } from "./near-miss.ts";
import { applyOverride, isMapping } from "./override.ts";
import { readParams } from "./read-params.ts";

const count = z.int().min(1);
const perClass = z.union([count, z.literal("all")]);

/**
 * What params.yaml must hold; other keys at its top are somebody else's, whose project this may be, and are passed over. Inside, a
 * misspelt key is an error. There are no defaults in code.
 */
export const paramsSchema = z.object({
  poison: z
    .number()
    .min(0)
    .max(100)
    .describe("% of the training images whose label is swapped, to the nearest whole image"),
  seed: z
    .int()
    .min(0)
    .max(2 ** 32 - 1)
    .describe("decides which images are swapped, initial weights, order and dropout"),
  attack: z.strictObject({
    strategy: z.enum(ATTACK_NAMES).describe("how the images are chosen whose label is swapped"),
    balance: z.enum(BALANCES).describe("equal: as many from each class; proportional: by the classes' sizes"),
  }),
  data: z.strictObject({
    source: z
      .string()
      .regex(
        /^(auto|registry|mirror|generated|(path|dvc):.+)$/,
        "must be auto, registry, mirror, generated, dvc:FOLDER|ZIP|TAR or path:FOLDER|ZIP|TAR",
      )
      .describe("where images come from: auto, registry, mirror, generated, dvc:FOLDER|ZIP|TAR or path:FOLDER|ZIP|TAR"),
    table: z
      .string()
      .min(1)
      .describe("none, or a CSV file image,label[,split] in the images' folder or the project that says the classes"),
    validation_share: z
      .number()
      .gt(0)
      .lt(1)
      .describe("share of each class that is set aside for validation where the images have no such split"),
    damaged: z.enum(["stop", "skip"]).describe("what to do about images that cannot be used"),
    layout: z
      .enum(LAYOUTS)
      .describe("files: each image a file; tar: WebDataset tars, for sets of more than 10,000 images"),
    train_per_class: perClass.describe("images of each class to train on, or all"),
    validation_per_class: perClass.describe("images of each class to validate on, or all"),
  }),
  image: z.strictObject({
    size: z.int().min(32).max(1024).describe("px, width and height the network sees"),
    resize: z.enum(RESIZES).describe("nearest is Keras's default"),
    preprocess: z.enum(PREPROCESSINGS).describe("rescale: x/255; caffe: BGR minus the ImageNet mean"),
  }),
  base: z.enum(NETWORK_NAMES).describe("convolutional base"),
  features: z.strictObject({
    pool: z
      .enum(POOLS)
      .describe("none: all cells of an image's features; avg: the mean over them, 16 times smaller at 150 px"),
    shard_images: count
      .max(1_000_000)
      .describe("images of each file of features; a set of no more is computed in one go"),
  }),
  train: z.strictObject({
    epochs: count.max(10_000).describe("passes over the training images"),
    batch_size: count.max(65_536).describe("images per weight update"),
    optimizer: z.enum(OPTIMIZERS),
    learning_rate: z.number().positive().max(100),
    hidden_units: count.max(65_536).describe("width of the dense layer before the last"),
    dropout: z.number().min(0).lt(1).describe("share of hidden units dropped while training"),
    standardize: z
      .enum(STANDARDIZATIONS)
      .describe(
        "l2: each image's features to mean square 1; zscore: each feature to mean 0, deviation 1 of the training images",
      ),
    export_full: z.boolean().describe("also write the whole network, image to probability, as a Keras file"),
  }),
});

/** The validated content of params.yaml. */
export type Params = z.infer<typeof paramsSchema>;

/** A single value of params.yaml by its key with dots: `poison`, `train.epochs`. */
export type Leaf = {
  [K in keyof Params]: Params[K] extends object ? `${K}.${keyof Params[K] & string}` : K;
}[keyof Params];

/** The parameters of some leaves, nested as in params.yaml. */
export type PickLeaves<L extends Leaf> = {
  [K in keyof Params as K extends L ? K : L extends `${K}.${string}` ? K : never]: Params[K] extends object
    ? Pick<Params[K], (L extends `${K}.${infer S}` ? S : never) & keyof Params[K]>
    : Params[K];
};

/** Takes some leaves out of all parameters; what was not asked for is not there. */
export function pickLeaves<const L extends Leaf>(params: Params, leaves: readonly L[]): PickLeaves<L> {
  const picked: Record<string, unknown> = {};
  for (const leaf of leaves) {
    const [section, key] = leaf.split(".") as [keyof Params, string | undefined];
    if (key === undefined) picked[section] = params[section];
    else picked[section] = { ...(picked[section] as object), [key]: (params[section] as Record<string, unknown>)[key] };
  }
  return picked as PickLeaves<L>;
}

/** Those keys of a mapping that are ours. */
export const ownParams = (values: unknown): Record<string, unknown> =>
  isMapping(values) ? Object.fromEntries(Object.entries(values).filter(([key]) => isOurs(key))) : {};

/**
 * Reads and validates the parameters.
 * @param where the file, `params.yaml`, or a section of it, `params.yaml:dvc_poison`.
 * @param overrides `key=value` strings as in `dvc exp run -S`, e.g. `train.epochs=20`; values are YAML.
 * @param needed keys that must be there: a pipeline of some of our stages has no parameters of the others. Default: all.
 * @param options.others what to do about a key that is not needed and means something else in this project: an error, or it is passed over.
 * @throws StageError naming file, line, key, value and what is allowed.
 */
export function loadParams(
  where: string,
  overrides: readonly string[] = [],
  needed?: readonly string[],
  { others = "refuse" }: { others?: "refuse" | "pass" } = {},
): Params {
  const place = parsePlace(where);
  const { file, section } = place;
  const yaml = parseYaml(readParams(file), file);
  const values = sectionOf(yaml.value, place);
  if (!isMapping(values))
    throw new StageError(
      `${[`${file}:`, ...(section.length > 0 ? [section.join(".")] : [])].join(" ")} holds no mapping of keys.`,
      { hint: restore(file) },
    );
  for (const override of overrides) {
    applyOverride(values, override);
    const [key] = override.split(/[.=]/, 1) as [string];
    if (!isOurs(key))
      throw new StageError(`-S: ${unknown([key], [])}`, { hint: "Only parameters of this pipeline can be set so." });
  }

  const result = schemaFor(values, needed, others).safeParse(values);
  if (result.success) return result.data as Params;
  const complaints = result.error.issues.map((issue) => {
    const path = issue.code === "unrecognized_keys" ? [...issue.path, issue.keys[0] as string] : issue.path;
    const line = yaml.lineOf([...section, ...path]);
    const overridden = overrides.some((text) => `${text.replace("=", ".")}.`.startsWith(`${path.join(".")}.`));
    const at = overridden ? "-S" : line ? `${file}:${line}` : file;
    return `${at}: ${complain(issue, path, values)}`;
  });
  const missing = installed && complaints.some((text) => text.includes(MISSING));
  const hint = missing
    ? `\`${commandLine("init")}\` adds the keys that are missing, and changes no other.`
    : `Edit ${file}; what each key may hold stands beside it there.${takenBack(file)}`;
  throw new StageError(complaints.join("\n"), { hint });
}

/** The schema, less what is not needed and not there, or, where that is passed over, is no value of ours. */
function schemaFor(values: Record<string, unknown>, needed: readonly string[] | undefined, others: "refuse" | "pass") {
  const isNeeded = (key: string) => needed?.some((name) => name === key || name.startsWith(`${key}.`)) ?? true;
  const isTheirs = ([key, schema]: [string, z.ZodType]) =>
    !isNeeded(key) && (!Object.hasOwn(values, key) || (others === "pass" && !schema.safeParse(values[key]).success));
  const left = Object.entries<z.ZodType>(paramsSchema.shape).filter(isTheirs);
  return paramsSchema.omit(Object.fromEntries(left.map(([key]) => [key, true])) as Record<never, true>);
}

/** DVC writes the values of `dvc exp run -S` into the file, and leaves them there when a stage refuses one. In a copy of the project it goes with it. */
function takenBack(file: string): string {
  const inCopy = process.cwd().includes(`${sep}.dvc${sep}tmp${sep}exps${sep}`);
  return process.env.DVC_EXP_NAME && !inCopy
    ? ` A value of -S stays in it: \`git checkout ${file}\` takes it back.`
    : "";
}

const MISSING = "is missing; it must be";

const restore = (file: string) =>
  installed ? `Write it anew: \`${commandLine("init")}\`` : `Restore it: git checkout ${file}`;

function complain(issue: z.core.$ZodIssue, path: PropertyKey[], values: unknown): string {
  const key = oneLine(path.join("."));
  const value = path.reduce<unknown>((place, k) => (place as Record<PropertyKey, unknown> | undefined)?.[k], values);
  if (issue.code === "unrecognized_keys") return unknown(path, issue.path);
  const meant =
    path.length === 1
      ? nearMiss(
          key,
          Object.keys(values as object).filter((other) => !isOurs(other)),
        )
      : undefined;
  if (value === undefined && meant !== undefined)
    return `parameter "${key}" is missing; there is "${oneLine(meant)}", which is none.`;
  if (value === undefined) return `parameter "${key}" ${MISSING} ${expected(issue)}.`;
  return `${key} is ${typeof value === "number" ? value : oneLine(JSON.stringify(value))}; it must be ${expected(issue)}.`;
}

const isOurs = (key: string): boolean => Object.hasOwn(paramsSchema.shape, key);

const unknown = (path: PropertyKey[], section: PropertyKey[]): string =>
  `unknown parameter "${oneLine(path.join("."))}"; allowed here: ${Object.keys(shapeAt(section)).join(", ")}.`;

function shapeAt(path: PropertyKey[]): Record<string, unknown> {
  return path.reduce<Record<string, unknown>>(
    (shape, key) => (shape[key as string] as { shape: Record<string, unknown> }).shape,
    paramsSchema.shape,
  );
}

const TYPE_NAMES: Record<string, string> = {
  int: "a whole number",
  number: "a number",
  string: "a text",
  boolean: "true or false",
  object: "a mapping of keys",
};

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case "invalid_type":
      return TYPE_NAMES[issue.expected] ?? issue.expected;
    case "too_small":
      return `${issue.inclusive === false ? "more than" : "at least"} ${issue.minimum}`;
    case "too_big":
      return `${issue.inclusive === false ? "less than" : "at most"} ${issue.maximum}`;
    case "invalid_value":
      return issue.values.join(" or ");
    case "invalid_union":
      return [...new Set(issue.errors.flat().map(expected))].join(" or ");
    case "invalid_format":
      return issue.message.replace(/^must be /, "");
    default:
      return issue.message;
  }
}
