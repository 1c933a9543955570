import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** Relative imports that exist at run time, static or dynamic; `import type` leaves no trace there. */
const IMPORT = /^(?:import|export)\s+(?!type\b)(?:[^"';]*?\sfrom\s+)?"(\.[^"]+)"|\bimport\("(\.[^"]+)"\)/gm;

/** Files beside the code that a module reads at run time, written as `new URL("./x", import.meta.url)`. */
const ASSET = /new URL\("(\.[^"]+)",\s*import\.meta\.url\)/g;

/** A program, every module of the project it imports, directly or not, and the files they read beside them: sorted paths. */
export function importClosure(program: string): string[] {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file)) return;
    if (!existsSync(file)) throw new Error(`${file} is imported but does not exist`);
    found.add(file);
    if (file.endsWith(".ts")) for (const other of importsOf(file)) visit(other);
  };
  visit(program);
  return [...found].sort();
}

/** The project's files that one module imports or reads beside it. */
export function importsOf(file: string): string[] {
  const text = readFileSync(file, "utf8");
  return [...text.matchAll(IMPORT), ...text.matchAll(ASSET)].map((match) =>
    join(dirname(file), (match[1] ?? match[2]) as string),
  );
}
