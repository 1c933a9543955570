import { z } from "zod";
import { StageError } from "../runtime/errors.ts";
import { byForeignKeys } from "../runtime/foreign-keys.ts";
import { parseYaml } from "../runtime/yaml.ts";
import { atTop, PARAMS_YAML } from "./params-place.ts";
import { flagsInCommand, hasControls, isDigest, isInside, pathsInCommand } from "./paths.ts";
import { currentFlags } from "./roles.ts";

/*
 * dvc.lock may come from a branch or a tag that somebody else has pushed: nothing in it is believed. What this reader lets through is a
 * digest, and a path that stays inside; whoever reads or writes by it need not ask again.
 */
const name = z.string().refine((text) => !hasControls(text), "has control characters");
const item = z.object({
  path: z.string().refine(isInside, "is no path within the project"),
  md5: z.string().refine(isDigest, "is no MD5").optional(),
});
const stage = z.object({
  cmd: z.union([z.string(), z.array(z.string()).transform((commands) => commands.join("\n"))]).default(""),
  // A stage in a subfolder may depend on what lies beside that: DVC sees to it, and nobody here reads by such a path.
  deps: z.preprocess(
    (deps) => (Array.isArray(deps) ? deps.filter((dep) => !isBeside((dep as { path?: unknown })?.path)) : deps),
    z.array(item).default([]),
  ),
  params: z.record(name, z.record(z.string(), z.unknown())).default({}),
  outs: z.array(item).default([]),
});
const schema = z.object({ stages: z.record(name, stage).default({}) });

/** Whether a path leads to what lies beside or around the folder, and is sound otherwise: `../images`. */
const isBeside = (path: unknown): boolean =>
  typeof path === "string" && path.startsWith("../") && isInside(path.replace(/^(\.\.\/)+/, ""));

/** What each stage ran with and what came out, by the name of the stage: the content of dvc.lock. */
export type Lock = Record<string, LockedStage>;

/** A stage's last run; a folder's `md5` ends in `.dir`. Our parameters are given as if they stood at the top of params.yaml. */
export type LockedStage = z.infer<typeof stage>;

/**
 * Reads the text of a dvc.lock (https://dvc.org/doc/user-guide/project-structure/dvcyaml-files#dvclock-file).
 * @param file what messages call it.
 * @throws StageError naming the file and the key or line at fault: a digest that is none, a path that leads outside, conflict markers.
 */
export function parseLock(text: string, file = "dvc.lock"): Lock {
  const value = parseYaml(text, file).value ?? {};
  const result = schema.safeParse(value);
  if (result.success)
    return byForeignKeys(
      Object.entries(result.data.stages).map(([name, stage]) => {
        const params = atTop(stage.params, flagsInCommand(stage.cmd).params);
        return [name, { ...stage, params }] as const;
      }),
    );
  const { path, message } = result.error.issues[0] as z.core.$ZodIssue;
  const found = path.reduce<unknown>((place, key) => (place as Record<PropertyKey, unknown> | undefined)?.[key], value);
  const shown = typeof found === "string" ? ` is ${JSON.stringify(found.slice(0, 200))}:` : ":";
  throw new StageError(`${file}: ${path.map(String).join(".") || "its content"}${shown} ${message}.`, {
    hint: "DVC writes no such thing: do not use this revision, or write the file anew with `dvc repro`.",
  });
}

/** Where a stage read and wrote, by the flags of its command. @throws StageError for a path that leads outside. */
export function lockedPaths(lock: Lock, stage: string, file = "dvc.lock"): Record<string, string> {
  return currentFlags(pathsInCommand(lock[stage]?.cmd ?? "", `${file}: ${stage}`));
}

/** The parameters of params.yaml that a stage ran with, by dotted key or nested, as it declared them. */
export const lockedParams = (stage: LockedStage | undefined): Record<string, unknown> =>
  stage?.params[PARAMS_YAML] ?? {};

/** The digest of an output, of whatever stage. */
export function digestOf(lock: Lock, path: string | undefined): string | undefined {
  return Object.values(lock)
    .flatMap(({ outs }) => outs)
    .find((out) => out.path === path)?.md5;
}

/** Whether a dependency, file or folder, is the project's code, not data. */
export const isCode = (path: string): boolean => /^(src|stages)(\/|$)/.test(path);
