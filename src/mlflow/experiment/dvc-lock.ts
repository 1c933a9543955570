import { parse } from "yaml";
import { z } from "zod";

const entry = z.object({ path: z.string(), md5: z.string().optional() });
const lockSchema = z.object({
  stages: z.record(
    z.string(),
    z.object({
      cmd: z.string(),
      deps: z.array(entry).default([]),
      outs: z.array(entry).default([]),
      params: z.record(z.string(), z.record(z.string(), z.unknown())).default({}),
    }),
  ),
});

/** What DVC knows of the last run of each stage (https://dvc.org/doc/user-guide/project-structure/dvcyaml-files#dvclock-file). */
export type DvcLock = z.infer<typeof lockSchema>;

/** Reads the text of a dvc.lock; one without stages, or of another form, tells nothing. */
export function parseLock(text: string): DvcLock {
  return lockSchema.catch({ stages: {} }).parse(parse(text) ?? {});
}

/** DVC's digest of what a stage put out: MD5, with the suffix `.dir` for a folder. */
export function outDigest(lock: DvcLock, stage: string, path: string): string | undefined {
  return lock.stages[stage]?.outs.find((out) => out.path === path)?.md5;
}
