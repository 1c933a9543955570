import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { byForeignKeys } from "../runtime/foreign-keys.ts";
import { parseJson } from "../runtime/parse-json.ts";
import { filesIn, folderMd5 } from "./folder-digest.ts";
import { filesNotIgnored } from "./git.ts";
import { isCode, type Lock } from "./lock.ts";
import { fileMd5, md5 } from "./md5.ts";
import { PARAMS_YAML } from "./params-place.ts";
import type { Pipeline, Stage } from "./pipeline.ts";

/** DVC's digests of a stage's code by path, files and folders, and of the packages it computes with: `stages.lock.json: train-top`. */
export type CodeDigests = ReadonlyMap<string, string | undefined>;

/** A stage's version: 12 hexadecimal digits of a digest over its code and its packages. */
export function versionOf(code: CodeDigests): string {
  const lines = [...code].map(([path, digest]) => `${digest}  ${path}\n`).sort();
  return md5(lines.join("")).slice(0, 12);
}

/** The digests of each stage's code as it lies in a folder, by the dependencies in dvc.yaml. */
export async function currentCode({ stages }: Pipeline, folder = "."): Promise<Record<string, CodeDigests>> {
  const digests = new Map<string, Promise<string | undefined>>();
  const digest = (path: string) => {
    const known = digests.get(path) ?? codeDigest(folder, path);
    digests.set(path, known);
    return known;
  };
  const found = Object.entries(stages).map(async ([name, stage]) => {
    const code = await Promise.all(stage.deps.filter(isCode).map(async (path) => [path, await digest(path)] as const));
    return [name, new Map([...code, ...(await packages(folder, stage))])] as const;
  });
  return byForeignKeys(await Promise.all(found));
}

/** The digests of each stage's code as it ran last, by dvc.lock. */
export function lockedCode(lock: Lock): Record<string, CodeDigests> {
  return byForeignKeys(
    Object.entries(lock).map(([name, { deps, params }]) => {
      const code = deps.filter(({ path }) => isCode(path)).map(({ path, md5 }) => [path, md5] as const);
      const others = Object.entries(params).filter(([file]) => file !== PARAMS_YAML);
      return [name, new Map([...code, ...others.flatMap(([file, keys]) => keyed(file, keys))])] as const;
    }),
  );
}

/** A digest for each stage, from digests of its code. */
export const versionsOf = (code: Record<string, CodeDigests>): Record<string, string> =>
  Object.fromEntries(Object.entries(code).map(([stage, digests]) => [stage, versionOf(digests)]));

/** DVC's digest of a file or a folder of code; nothing when there is none. */
export async function codeDigest(folder: string, path: string): Promise<string | undefined> {
  const place = join(folder, path);
  const file = await fileMd5(place).catch(() => undefined);
  if (file !== undefined) return file;
  const files = (await filesNotIgnored(place)) ?? (await filesIn(place).catch(() => []));
  if (files.length === 0) return undefined;
  const entries = files.map(async (relpath) => ({ relpath, md5: await fileMd5(join(place, relpath)) }));
  return folderMd5(await Promise.all(entries));
}

/** What a stage declares of JSON files beside params.yaml: its packages. */
async function packages(folder: string, { params }: Stage): Promise<(readonly [string, string | undefined])[]> {
  const files = Object.entries(params).filter(([file]) => file.endsWith(".json"));
  const found = files.map(async ([file, keys]) => {
    const values = parseJson(mapping, await readFile(join(folder, file), "utf8").catch(() => "")) ?? {};
    return keyed(file, Object.fromEntries(keys.map((key) => [key, values[key]])));
  });
  return (await Promise.all(found)).flat();
}

const mapping = z.record(z.string(), z.unknown());

const keyed = (file: string, keys: Record<string, unknown>): (readonly [string, string | undefined])[] =>
  Object.entries(keys).map(
    ([key, value]) => [`${file}: ${key}`, value === undefined ? undefined : String(value)] as const,
  );
