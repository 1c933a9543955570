import { readFileSync } from "node:fs";
import yargs, { type Options } from "yargs";
import { PARAMS_YAML } from "../dvc/params-place.ts";
import { DVC_YAML, declaredParams, type Pipeline, parsePipeline } from "../dvc/pipeline.ts";
import { StageError } from "../runtime/errors.ts";

/** A path that dvc.yaml hands to a stage as `--key PATH`. */
export interface PathSpec {
  kind: "input" | "output";
  describe: string;
  /** Of an output: it grows while the stage runs, and others read it meanwhile. */
  live?: boolean;
}

/** A further flag of a stage, with a text as its value. */
export interface FlagSpec {
  describe: string;
}

/** A path the stage reads. Its flag is the key's name; its default is what dvc.yaml passes. */
export const input = (describe: string): PathSpec => ({ kind: "input", describe });

/**
 * A path the stage writes. `run` gets a `.partial` path instead; the runner renames it when `run` has ended well.
 * @param options.live `run` gets the path itself and writes it whole each time (`writeWhole`). It is removed before, and if `run` fails.
 */
export const output = (describe: string, { live = false } = {}): PathSpec => ({ kind: "output", describe, live });

/**
 * Parses a stage's command line. `--help` prints and exits.
 * @param call how a person starts the stage. @param stage.params its own keys included.
 * @returns the paths and flags by key, without trailing slashes; where the parameters stand, those that stages declare, if there is
 *   a pipeline, and the `-S key=value` texts.
 * @throws StageError for an unknown flag or a missing path.
 */
export function readFlags(
  name: string,
  call: string,
  stage: {
    describe: string;
    params: readonly string[];
    paths: Record<string, PathSpec>;
    flags?: Record<string, FlagSpec> | undefined;
  },
): { values: Record<string, string | undefined>; params: string; declared: string[] | undefined; set: string[] } {
  const pipeline = readPipelineSync();
  const defaults = pipeline?.stages[name]?.paths ?? {};
  const text = { type: "string", requiresArg: true } as const;
  const options: Record<string, Options> = {};
  for (const [key, { kind, describe }] of Object.entries(stage.paths)) {
    options[key] = { ...text, describe: `${kind}: ${describe}`, default: defaults[key], demandOption: !defaults[key] };
  }
  for (const [key, { describe }] of Object.entries(stage.flags ?? {})) options[key] = { ...text, describe };
  const { set, params, ...values } = yargs(process.argv.slice(2))
    .scriptName(call)
    .usage(`$0 [options]\n\n${stage.describe}\n\nParameters: ${stage.params.join(", ") || "none"}.`)
    .options(options)
    .option("params", {
      ...text,
      default: defaults.params ?? PARAMS_YAML,
      describe: "where the parameters stand: FILE or FILE:SECTION",
    })
    .option("set", {
      ...text,
      alias: "S",
      array: true,
      nargs: 1,
      default: [],
      describe: "use key=value instead of what stands there",
    })
    .parserConfiguration({ "camel-case-expansion": false })
    .locale("en")
    .version(false)
    .strict()
    .fail((message, error) => {
      throw error ?? new StageError(message, { hint: `See \`${call} --help\`.` });
    })
    .parseSync();
  for (const key of Object.keys(options)) {
    const given = [values[key]].flat().at(-1); // a flag given twice: the last one counts
    if (typeof given === "string") values[key] = given.replace(/(?<=.)\/+$/, "");
  }
  return {
    values: values as Record<string, string | undefined>,
    params: params as string,
    declared: pipeline && declaredParams(pipeline),
    set: set as string[],
  };
}

/** The dvc.yaml of this folder, whose path flags are defaults: so a stage run by hand reads and writes the same places. */
function readPipelineSync(): Pipeline | undefined {
  let text: string;
  try {
    text = readFileSync(DVC_YAML, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    return undefined;
  }
  return parsePipeline(text);
}
