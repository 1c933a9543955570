import { spawn } from "node:child_process";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import sharp, { type Sharp } from "sharp";
import { root } from "../../scripts/setup/paths.mjs";
import { Random } from "../../src/numbers/random.ts";
import { studyParams } from "../../tools/study-params.ts";

export const PROJECT = root;

/** A small image, different for every number. */
export function image(number: number): Sharp {
  const background = { r: (number * 37) % 256, g: (number * 91) % 256, b: 99 };
  return sharp({ create: { width: 40, height: 30, channels: 3, background } });
}

/** Writes `files` (path: content; a number stands for that {@link image} as JPEG) under `root`. */
export async function write(root: string, files: Record<string, number | string | Buffer>): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(
      join(root, path),
      typeof content === "number" ? await image(content).jpeg({ quality: 95 }).toBuffer() : content,
    );
  }
}

/** Content of a data set of cats and dogs, all images different. */
export function catsAndDogs(train = 3, validation = 2): Record<string, number> {
  const files: Record<string, number> = {};
  let number = 1;
  for (const [split, count] of [
    ["train", train],
    ["validation", validation],
  ] as const) {
    for (const animal of ["cat", "dog"])
      for (let i = 1; i <= count; i++) files[`${split}/${animal}s/${animal}.${i}.jpg`] = number++;
  }
  return files;
}

/** All files under a folder, hidden ones too, sorted; none when there is no such folder. */
export async function listing(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries
    .filter((entry) => !entry.isDirectory())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(folder.length + 1))
    .sort();
}

/** Path and content of all files under a folder. */
export async function contents(folder: string): Promise<Record<string, string>> {
  const files = await listing(folder);
  return Object.fromEntries(
    await Promise.all(files.map(async (file) => [file, (await readFile(join(folder, file))).toString("base64")])),
  );
}

export interface Ending {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** The project's environment without what would reach outside. */
export function environment(extra: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const { POISON_MIRROR, POISON_REGISTRY, POISON_REGISTRY_REV, DVC_ROOT, ...env } = process.env;
  return { ...env, PATH: `${join(PROJECT, ".venv/bin")}:${env.PATH}`, ...extra };
}

/** Starts `stages/restore.ts` in a folder. */
export function startRestore(cwd: string, args: string[], env: NodeJS.ProcessEnv = {}) {
  const tsx = import.meta.resolve("tsx");
  const child = spawn(
    process.execPath,
    ["--import", tsx, join(PROJECT, "stages/restore.ts"), "--out", "images", ...args],
    { cwd, env: environment(env) },
  );
  const ending: Ending = { code: null, stdout: "", stderr: "" };
  child.stdout.on("data", (chunk) => (ending.stdout += chunk));
  child.stderr.on("data", (chunk) => (ending.stderr += chunk));
  const ended = new Promise<Ending>((done) => child.once("close", (code) => done({ ...ending, code })));
  return { child, ended };
}

/** Writes the study's params.yaml into a folder, with other values of `data`, and its stages.lock.json. */
export async function writeParams(
  folder: string,
  source: string,
  perClass: Record<string, number | "all"> = {},
): Promise<void> {
  const values = { source: JSON.stringify(source), train_per_class: 3, validation_per_class: 2, ...perClass };
  let text = studyParams();
  for (const [key, value] of Object.entries(values))
    text = text.replace(new RegExp(`^( +${key}:).*`, "m"), () => `  ${key}: ${value}`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "params.yaml"), text);
  await copyFile(join(PROJECT, "stages.lock.json"), join(folder, "stages.lock.json"));
}

/** Runs `stages/restore.ts` in a folder, for 3 training and 2 validation images a class. */
export async function restore(
  cwd: string,
  source: string,
  args: string[] = [],
  env: NodeJS.ProcessEnv = {},
): Promise<Ending> {
  await writeParams(cwd, source);
  return await startRestore(cwd, args, env).ended;
}

/** A photograph-like JPEG that takes some time to decode: noise, side × side pixels, always the same. */
export function noise(side: number): Promise<Buffer> {
  const random = new Random(1, "noise", side);
  const grain = Uint8Array.from({ length: 3 * side * side }, () =>
    Math.max(0, Math.min(255, Math.round(128 + 60 * random.normal()))),
  );
  return sharp(grain, { raw: { width: side, height: side, channels: 3 } })
    .jpeg()
    .toBuffer();
}
