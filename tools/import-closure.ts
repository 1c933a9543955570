import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Relative imports that exist at run time, static or dynamic; `import type` leaves no trace there. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm;

/** Files beside the code that a module reads at run time, written as `new URL("./x", import.meta.url)`. */
const ASSET = /new URL\("(\.[^"]+)",\s*import\.meta\.url\)/g;

/**
 * A program, every module of the project it imports, directly or not, and the files they read beside them: sorted paths.
 * @param next what belongs to a module; with {@link modulesOf} only what is loaded into the same process.
 */
export function importClosure(program: string, next = importsOf): string[] {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    if (!existsSync(file)) throw new Error(`${file} is imported but does not exist`);
    found.add(file);
    if (file.endsWith(".ts")) for (const other of next(file)) visit(other);
  };
  visit(program);
  return [...found].sort();
}

/** The project's files that one module imports, reads beside it or starts as a program. */
export const importsOf = (file: string): string[] => [...modulesOf(file), ...matchesIn(file, ASSET)];

/** The project's modules that one module imports. */
export const modulesOf = (file: string): string[] => matchesIn(file, IMPORT);

function matchesIn(file: string, pattern: RegExp): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(pattern)].map((match) => join(dirname(file), (match[1] ?? match[2]) as string));
}
