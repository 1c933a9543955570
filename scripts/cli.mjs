import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { compiledPrograms } from "./programs/compiled.mjs";
import { programNames, sourceOf } from "./programs/programs.mjs";
import { root } from "./setup/paths.mjs";

/*
 * Runs a stage or a command by its name, `node dvc-poison.mjs NAME …`. Programs are TypeScript; what runs is what they were compiled to,
 * which starts in half the time.
 */

const [name, ...args] = process.argv.slice(2);
const source = name === undefined ? undefined : sourceOf(name);
if (name !== undefined && source) {
  process.argv = [process.execPath, join(root, source), ...args];
  const folder = await compiledPrograms().catch(refuse);
  if (folder !== undefined) await import(pathToFileURL(join(folder, `${name}.mjs`)).href);
} else if (name === "--help" || name === "-h") {
  console.log(`node dvc-poison.mjs NAME …\n\nNAME: ${programNames().join(", ")}; each has a --help of its own.`);
} else {
  const what = name === undefined ? "name a program" : `"${name}" is no program of dvc-poison`;
  console.error(`error: ${what}: there are ${programNames().join(", ")}.`);
  process.exitCode = 1;
}

/** What a person can mend is said in words. @param {Error & {code?: string, errors?: object[]}} error @returns {undefined} */
function refuse(error) {
  const { code = "", errors, message } = error;
  process.exitCode = 1;
  if (code === "ERR_MODULE_NOT_FOUND")
    console.error("error: the Node packages are not installed.\nhint: npm run setup");
  else if (errors)
    console.error("error: the sources cannot be compiled, see above."); // by esbuild, which has named file and line
  else if (/^(EACCES|EROFS|ENOSPC)$/.test(code)) console.error(`error: the programs cannot be compiled: ${message}`);
  else throw error;
}
