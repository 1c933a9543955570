import { parse } from "yaml";
import { z } from "zod";

const item = z.object({ path: z.string(), md5: z.string().optional() });
const stage = z.object({
  cmd: z.string().default(""),
  deps: z.array(item).default([]),
  params: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
  outs: z.array(item).default([]),
});
const schema = z.object({ stages: z.record(z.string(), stage).default({}) });

/** What each stage ran with and what came out, by the name of the stage: the content of dvc.lock. */
export type Lock = Record<string, LockedStage>;

/** A stage's last run; a folder's `md5` ends in `.dir`. */
export type LockedStage = z.infer<typeof stage>;

/**
 * Reads the text of a dvc.lock (https://dvc.org/doc/user-guide/project-structure/dvcyaml-files#dvclock-file); one without stages, or of
 * another form, tells nothing.
 */
export const parseLock = (text: string): Lock => schema.catch({ stages: {} }).parse(parse(text) ?? {}).stages;

/** The digest of an output, of whatever stage. */
export function digestOf(lock: Lock, path: string): string | undefined {
  return Object.values(lock)
    .flatMap(({ outs }) => outs)
    .find((out) => out.path === path)?.md5;
}

/** Whether a dependency is the project's code, not data. */
export const isCode = (path: string): boolean => /^(src|stages)\//.test(path);
