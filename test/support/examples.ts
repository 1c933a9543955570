import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import type { TestContext } from "node:test";
import { promisify } from "node:util";

/** An `@example` of a doc comment: a program that imports `dvc-poison/NAME`. */
export interface Example {
  /** Module that it is of, e.g. `metrics`: the first that it imports. */
  module: string;
  /** `src/public/metrics/classification.ts:30`. */
  place: string;
  code: string;
  /** What each line that it prints must be: its comments `// → …`, in order. */
  prints: string[];
}

const BLOCK = /^ \* @example\n \* ```ts\n([\s\S]*?)^ \* ```$/gm;

/** All examples of src. @throws Error for an `@example` that is no block of TypeScript, or imports no module of the package. */
export function findExamples(): Example[] {
  const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
  return files.sort().flatMap((file) => examplesIn(readFileSync(join("src", file), "utf8"), `src/${file}`));
}

/** The examples of one source. */
export function examplesIn(text: string, file: string): Example[] {
  const found = [...text.matchAll(BLOCK)].map(({ 1: block = "", index }) => {
    const place = `${file}:${text.slice(0, index).split("\n").length}`;
    const code = block.replaceAll(/^ \* ?/gm, "");
    const module = /"dvc-poison(?:\/([\w-]+))?"/.exec(code);
    if (!module) throw new Error(`${place}: the example imports no module of dvc-poison`);
    const prints = [...code.matchAll(/\/\/ → (.*)$/gm)].map(([, line]) => line as string);
    return { module: module[1] ?? "index", place, code, prints };
  });
  const said = text.match(/^ \* @example/gm)?.length ?? 0;
  if (said !== found.length) throw new Error(`${file}: ${said} @example, of which ${found.length} are blocks of ts`);
  return found;
}

/** Names of the modules of the package, by src/public. */
export const moduleNames = (): string[] =>
  readdirSync("src/public")
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length));

/** A folder in which examples are programs that import the sources; it goes with the test. */
export function examplePrograms(t: TestContext, examples: readonly Example[]): { folder: string; files: string[] } {
  mkdirSync(".dvc-poison", { recursive: true });
  const folder = mkdtempSync(resolve(".dvc-poison", "examples-"));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const sources = relative(folder, resolve("src", "public"));
  const files = examples.map(({ code }, i) => {
    const program = code.replaceAll(/"dvc-poison(?:\/([\w-]+))?"/g, (_, name = "index") => `"${sources}/${name}.ts"`);
    const file = join(folder, `example-${i}.ts`);
    writeFileSync(file, program);
    return file;
  });
  return { folder, files };
}

/**
 * Runs an example in its folder.
 * @returns the lines that it prints.
 * @throws Error when it ends with another exit code than 0.
 */
export async function runExample(file: string, folder: string, env: NodeJS.ProcessEnv = {}): Promise<string[]> {
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", import.meta.resolve("tsx"), file], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  return stdout === "" ? [] : stdout.replace(/\n$/, "").split("\n");
}
