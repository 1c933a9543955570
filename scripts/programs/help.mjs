import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { home, installed } from "../../src/runtime/installation.mjs";

/*
 * What `--help` says of programs that are compiled, from texts that are committed (tools/help-texts.ts writes them): so it is said at once, also in a
 * clone where nothing is installed. An installed package has its packages: there the programs answer themselves.
 */

/** Where the texts lie. */
export const folder = join(home, "scripts", "programs", "help");

/** Whether a command line asks for help. @param {readonly string[]} args */
export const asksForHelp = (args) => args.includes("--help") || args.includes("-h");

/** What a program says of itself; nothing where it has to be asked. @param {string} name @returns {string | undefined} */
export function helpOf(name) {
  const file = join(folder, `${name}.txt`);
  if (installed || !/^[\w-]+$/.test(name) || !existsSync(file)) return undefined;
  // A stage tells the paths that dvc.yaml gives it, which may have been changed.
  if (existsSync(join(home, "stages", `${name}.ts`)) && existsSync(join(home, "node_modules"))) return undefined;
  return readFileSync(file, "utf8").trimEnd();
}
