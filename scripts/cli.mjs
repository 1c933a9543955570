import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compiledPrograms } from "./programs/compiled.mjs";
import { programNames, sourceOf } from "./programs/programs.mjs";
import { root } from "./setup/paths.mjs";

/*
 * Runs a stage or a command by its name, `node dvc-poison.mjs NAME …`. Programs are TypeScript; what runs is what they were compiled to,
 * which starts in a third of the time.
 */

const [name, ...args] = process.argv.slice(2);
const source = name === undefined ? undefined : sourceOf(name);
if (name !== undefined && source) {
  process.argv = [process.execPath, join(root, source), ...args];
  await import(pathToFileURL(join(await compiledPrograms(), `${name}.mjs`)).href);
} else if (name === "--help" || name === "-h") {
  console.log(`node dvc-poison.mjs NAME …\n\nNAME: ${programNames().join(", ")}; each has a --help of its own.`);
} else {
  const what = name === undefined ? "name a program" : `"${name}" is no program of dvc-poison`;
  console.error(`error: ${what}: there are ${programNames().join(", ")}.`);
  process.exitCode = 1;
}
