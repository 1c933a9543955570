import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Imports of the project's own files that exist at run time, static or dynamic; `import type` leaves no trace there. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm;

/** Imports of types too: what a reader has to open. */
const ANY_IMPORT = /^(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm;

/** Files beside the code that a module reads at run time, written as `new URL("./x", import.meta.url)`. */
const ASSET = /new URL\("(\.[^"]+)",\s*import\.meta\.url\)/g;

/** Packages that a module loads or takes files from: `import "x"`, `import("x")`, `require("x")`, `resolve("x/file")`. */
const PACKAGE =
  /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?"([^".][^"]*)"|\b(?:import|require|resolve)\("([^".][^"]*)"\)/gm;

/** As {@link PACKAGE}, types too. */
const ANY_PACKAGE =
  /^(?:import|export)\s+(?:[^"';]*?\sfrom\s+)?"([^".][^"]*)"|\b(?:import|require|resolve)\("([^".][^"]*)"\)/gm;

/**
 * A program, every module of the project it imports, directly or not, and the files they read beside them: sorted paths.
 * @param next what belongs to a module; with {@link modulesOf} only what is loaded into the same process.
 */
export function importClosure(program: string, next: (file: string) => string[] = importsOf): string[] {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    if (!existsSync(file)) throw new Error(`${file} is imported but does not exist`);
    found.add(file);
    if (/\.(ts|cjs)$/.test(file)) for (const other of next(file)) visit(other);
  };
  visit(program);
  return [...found].sort();
}

/** The project's files that one module imports, reads beside it or starts as a program. */
export const importsOf = (file: string): string[] => [...modulesOf(file), ...filesIn(file, ASSET)];

/** The project's modules that one module imports. */
export const modulesOf = (file: string): string[] => filesIn(file, IMPORT);

/** The project's modules that one module imports, for their types alone too. */
export const namedIn = (file: string): string[] => filesIn(file, ANY_IMPORT);

/** Names of the packages that one module mentions in an import, for their types alone too. */
export const packagesNamedIn = (file: string): string[] => packageNames(matchesIn(file, ANY_PACKAGE));

/** Names of the packages that one module loads, `@scope/name` or `name`; Node's own modules are none. */
export const packagesIn = (file: string): string[] => packageNames(matchesIn(file, PACKAGE));

const packageNames = (modules: readonly string[]): string[] =>
  modules
    .filter((name) => !name.startsWith("node:"))
    .map((name) => name.split("/", name.startsWith("@") ? 2 : 1).join("/"));

const filesIn = (file: string, pattern: RegExp): string[] =>
  matchesIn(file, pattern).map((name) => join(dirname(file), name));

const matchesIn = (file: string, pattern: RegExp): string[] =>
  [...readFileSync(file, "utf8").matchAll(pattern)].map((match) => (match[1] ?? match[2]) as string);
