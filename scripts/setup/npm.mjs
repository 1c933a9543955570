import { basename } from "node:path";
import { run } from "./run.mjs";

/**
 * Installs what a folder's package-lock.json says, in place of what is there. No package may run a script of its own.
 *
 * @param {string} folder
 * @param {string[]} options for `npm ci`
 */
export async function npmCi(folder, ...options) {
  const [npm, ...first] = npmCommand();
  // npm hands its own settings down as variables: `npm run setup --cpu` would become "install for the processor `true`".
  const { npm_config_cpu: _cpu, npm_config_gpu: _gpu, ...env } = process.env;
  await run(npm, [...first, "ci", "--ignore-scripts", "--include=optional", "--no-audit", "--no-fund", ...options], {
    cwd: folder,
    env,
    hint: "the packages come from the npm registry that npm is configured for (npm config get registry)",
  });
}

/** The npm that runs this script, else the one on the PATH. @returns {[string, ...string[]]} */
function npmCommand() {
  const running = process.env.npm_execpath;
  return running && basename(running) === "npm-cli.js" ? [process.execPath, running] : ["npm"];
}
