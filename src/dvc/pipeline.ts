import { readFile } from "node:fs/promises";
import { z } from "zod";
import { StageError } from "../runtime/errors.ts";
import { byForeignKeys } from "../runtime/foreign-keys.ts";
import { parseYaml } from "../runtime/yaml.ts";
import { atTop, PARAMS_YAML } from "./params-place.ts";
import { flagsInCommand } from "./paths.ts";
import { currentFlags } from "./roles.ts";

/** The file that wires the stages. */
export const DVC_YAML = "dvc.yaml";
/** The file that has a digest of the packages that a stage computes with. */
export const PACKAGES = "stages.lock.json";

const listOf = <T>(entry: z.ZodType<T>) =>
  z
    .array(entry)
    .nullish()
    .transform((list) => list ?? []);
/** `path`, or `path: {cache: false}`. */
const output = z.union([
  z.string(),
  z.record(z.string(), z.unknown()).transform((entry) => Object.keys(entry)[0] ?? ""),
]);
/** `train.epochs`, or `stages.lock.json: [train-top]`; a file without keys is meant whole. */
const param = z.union([
  z.string().transform((key) => ({ [PARAMS_YAML]: [key] })),
  z.record(
    z.string(),
    z
      .array(z.string())
      .nullable()
      .transform((keys) => keys ?? []),
  ),
]);
const stage = z.object({
  cmd: z.union([z.string(), z.array(z.string()).transform((commands) => commands.join("\n"))]).default(""),
  deps: listOf(output),
  params: listOf(param).transform(merge),
  outs: listOf(output),
  metrics: listOf(output),
  plots: listOf(output),
});
const schema = z.object({
  // A stage in a form that is not ours (`foreach`, `matrix`) tells us nothing.
  stages: z
    .record(z.string(), stage.catch({ cmd: "", deps: [], params: {}, outs: [], metrics: [], plots: [] }))
    .nullish(),
  metrics: listOf(z.string()),
});

/** A stage as dvc.yaml declares it. */
export interface Stage extends z.infer<typeof stage> {
  /** The flags of its command: paths, as they stand there. Its parameters are given as if they stood at the top of params.yaml. */
  paths: Record<string, string>;
}

/** What dvc.yaml declares. */
export interface Pipeline {
  stages: Record<string, Stage>;
  /** Metrics files, of stages and at top level. */
  metrics: string[];
}

/** Reads the text of a dvc.yaml. @param file what messages call it. @throws StageError naming file and line. */
export function parsePipeline(text: string, file = DVC_YAML): Pipeline {
  const result = schema.safeParse(parseYaml(text, file).value ?? {});
  if (!result.success) {
    const { path, message } = result.error.issues[0] as z.core.$ZodIssue;
    throw new StageError(`${file}: ${path.join(".") || "its content"}: ${message}.`, {
      hint: "https://dvc.org/doc/user-guide/project-structure/dvcyaml-files says what it may hold.",
    });
  }
  const { stages, metrics } = result.data;
  const named = Object.entries(stages ?? {}).map(([name, stage]) => {
    const paths = currentFlags(flagsInCommand(stage.cmd));
    return [name, { ...stage, paths, params: atTop(stage.params, paths.params) }] as const;
  });
  return {
    stages: byForeignKeys(named),
    metrics: [...new Set([...named.flatMap(([, stage]) => stage.metrics), ...metrics])],
  };
}

/** The dvc.yaml of this folder; one that declares nothing where there is none. @throws StageError */
export const readPipeline = async (): Promise<Pipeline> =>
  parsePipeline(
    await readFile(DVC_YAML, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT") return "";
      throw error;
    }),
  );

/** The keys of params.yaml that stages declare: leaves, `train.epochs`, or whole sections, `train`. */
export function declaredParams({ stages }: Pipeline): string[] {
  return [...new Set(Object.values(stages).flatMap(({ params }) => params[PARAMS_YAML] ?? []))];
}

function merge(list: readonly Record<string, string[]>[]): Record<string, string[]> {
  const merged: Record<string, string[]> = {};
  for (const [file, keys] of list.flatMap((entry) => Object.entries(entry)))
    merged[file] = [...(merged[file] ?? []), ...keys];
  return merged;
}
