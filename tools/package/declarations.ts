import { execFile } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/** A module of ours that a declaration names: `from "./x.ts"`, `import("./x.ts")`. */
const RELATIVE = /((?:from |import\()")(\.[^"]+)\.ts"/g;

/** Any of them, as a declaration is published. */
const PUBLISHED = /(?:from |import\()"(\.[^"]+)\.(js|mjs)"/g;

/**
 * Writes the types of the public modules, and of all that their types name.
 * @param folder whose `public` gets those of src/public. @throws what the compiler says.
 */
export async function buildDeclarations(folder: string): Promise<void> {
  const args = ["node_modules/typescript/bin/tsc", "-p", "tools/package/tsconfig.json", "--outDir", folder];
  await promisify(execFile)(process.execPath, args).catch(({ stdout }: { stdout: string }) => {
    throw new Error(`The types cannot be written:\n${stdout}`);
  });
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.d\.[cm]?ts$/.test(file))
    .map((file) => join(folder, file));
  for (const file of files) writeFileSync(file, readFileSync(file, "utf8").replace(RELATIVE, '$1$2.js"'));
  const named = closureOf(files.filter((file) => dirname(file) === join(folder, "public")));
  for (const file of files) if (!named.has(file)) rmSync(file);
}

/** Some declarations, and all that they name. */
function closureOf(entries: readonly string[]): Set<string> {
  const found = new Set<string>();
  const visit = (file: string) => {
    if (found.has(file) || !existsSync(file) || !file.endsWith(".ts")) return;
    found.add(file);
    for (const [, place, ending] of readFileSync(file, "utf8").matchAll(PUBLISHED))
      visit(join(dirname(file), `${place}.d.${ending === "mjs" ? "mts" : "ts"}`));
  };
  for (const entry of entries) visit(entry);
  return found;
}
