import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/*
 * Where this package lies, and for whom it works. Plain JavaScript: the set-up asks before any package is installed.
 */

/** The package's own folder: of its sources in the repository, of what was built from them in node_modules. */
export const home = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Whether it is installed in somebody's project: built, without sources. Else this is its own repository, or a copy that DVC has made. */
export const installed = existsSync(join(home, "dist")) && !existsSync(join(home, "stages"));

/** The folder that it works for: the working folder of whoever has it installed, else its own. */
export const project = () => (installed ? process.cwd() : home);

/** npm's scripts in the repository that are not called like the command. @type {Record<string, string>} */
const SCRIPTS = { start: "npm start", "mlflow-sync": "npm run mlflow:sync" };

/**
 * How a command of ours is called where the user is: `npx dvc-poison setup` in a project that has the package, `npm run setup` in the
 * repository.
 * @param {string} name
 * @param {string} [args]
 */
export function commandLine(name, args = "") {
  if (installed) return `npx dvc-poison ${name}${args && ` ${args}`}`;
  return `${SCRIPTS[name] ?? `npm run ${name}`}${args && ` -- ${args}`}`;
}
