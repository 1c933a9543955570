import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { isCode, type Lock } from "./lock.ts";

interface CodeFile {
  path: string;
  md5: string | undefined;
}

/** A stage's version: 12 hexadecimal digits of a digest over the code that it depends on. */
function versionOf(files: readonly CodeFile[]): string {
  const lines = files.map(({ path, md5 }) => `${md5}  ${path}\n`).sort();
  return createHash("md5").update(lines.join("")).digest("hex").slice(0, 12);
}

/** The version of each stage as its code is now, by the dependencies in dvc.yaml. */
export async function currentVersions(dvcYaml: string): Promise<Record<string, string>> {
  const { stages = {} } = (parse(dvcYaml) ?? {}) as { stages?: Record<string, { deps?: string[] }> };
  const md5 = new Map<string, Promise<string | undefined>>();
  const md5Of = async (path: string) => {
    const content = await readFile(path).catch(() => undefined);
    return content && createHash("md5").update(content).digest("hex");
  };
  const versions = Object.entries(stages).map(async ([stage, { deps = [] }]) => {
    const files = deps.filter(isCode).map(async (path) => {
      if (!md5.has(path)) md5.set(path, md5Of(path));
      return { path, md5: await md5.get(path) };
    });
    return [stage, versionOf(await Promise.all(files))] as const;
  });
  return Object.fromEntries(await Promise.all(versions));
}

/** The version of each stage as it ran last, by dvc.lock. */
export function lockedVersions(lock: Lock): Record<string, string> {
  return Object.fromEntries(
    Object.entries(lock).map(([stage, { deps }]) => [
      stage,
      versionOf(deps.filter(({ path }) => isCode(path)).map(({ path, md5 }) => ({ path, md5 }))),
    ]),
  );
}
