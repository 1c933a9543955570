import { readFileSync } from "node:fs";
import yargs, { type Options } from "yargs";
import { DVC_YAML, parsePipeline } from "../dvc/pipeline.ts";
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
 * @returns the paths and flags by key, without trailing slashes, and the `-S key=value` texts.
 * @throws StageError for an unknown flag or a missing path.
 */
export function readFlags(
  name: string,
  stage: {
    describe: string;
    params: readonly string[];
    paths: Record<string, PathSpec>;
    flags?: Record<string, FlagSpec> | undefined;
  },
): { values: Record<string, string | undefined>; set: string[] } {
  const defaults = pathsOf(name);
  const text = { type: "string", requiresArg: true } as const;
  const options: Record<string, Options> = {};
  for (const [key, { kind, describe }] of Object.entries(stage.paths)) {
    options[key] = { ...text, describe: `${kind}: ${describe}`, default: defaults[key], demandOption: !defaults[key] };
  }
  for (const [key, { describe }] of Object.entries(stage.flags ?? {})) options[key] = { ...text, describe };
  const { set, ...values } = yargs(process.argv.slice(2))
    .scriptName(`node dvc-poison.mjs ${name}`)
    .usage(`$0 [options]\n\n${stage.describe}\n\nParameters of params.yaml: ${stage.params.join(", ") || "none"}.`)
    .options(options)
    .option("set", {
      ...text,
      alias: "S",
      array: true,
      nargs: 1,
      default: [],
      describe: "use key=value instead of what params.yaml says",
    })
    .parserConfiguration({ "camel-case-expansion": false })
    .locale("en")
    .version(false)
    .strict()
    .fail((message, error) => {
      throw error ?? new StageError(message, { hint: `See \`node dvc-poison.mjs ${name} --help\`.` });
    })
    .parseSync();
  for (const key of Object.keys(options)) {
    const given = [values[key]].flat().at(-1); // a flag given twice: the last one counts
    if (typeof given === "string") values[key] = given.replace(/(?<=.)\/+$/, "");
  }
  return { values: values as Record<string, string | undefined>, set: set as string[] };
}

/** The path flags that dvc.yaml passes to a stage: so a stage run by hand reads and writes the same places. */
function pathsOf(stage: string): Record<string, string> {
  let text: string;
  try {
    text = readFileSync(DVC_YAML, "utf8");
  } catch {
    return {};
  }
  return parsePipeline(text).stages[stage]?.paths ?? {};
}
