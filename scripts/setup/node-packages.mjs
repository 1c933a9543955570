import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { nodeModules, root } from "./paths.mjs";
import { run } from "./run.mjs";
import { readStamp } from "./stamp.mjs";

/** npm's own record of what it has installed, which it writes last. */
const record = nodeModules(".package-lock.json");

/** The packages of package-lock.json, none of which may run a script of its own (.npmrc). @type {import("./step.mjs").Step} */
export const nodePackages = {
  name: "Node packages",
  done() {
    const installed = readStamp(record);
    return (
      installed !== undefined &&
      matches(readLock().packages, installed.packages, (path) => existsSync(`${root}/${path}`))
    );
  },
  async run() {
    const [npm, ...first] = npmCommand();
    // npm hands its own settings down as variables: `npm run setup --cpu` would become "install for the processor `true`".
    const { npm_config_cpu: _cpu, npm_config_gpu: _gpu, ...env } = process.env;
    const args = [...first, "ci", "--ignore-scripts", "--include=dev", "--include=optional", "--no-audit", "--no-fund"];
    await run(npm, args, {
      env,
      hint: "the packages come from the npm registry that npm is configured for (npm config get registry)",
    });
    return `${Object.keys(readStamp(record)?.packages ?? {}).length} packages, as locked`;
  },
};

/** @returns {{packages: Record<string, LockedPackage>}} */
const readLock = () => JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8"));

/** @typedef {{version?: string, integrity?: string, optional?: boolean}} LockedPackage */

/**
 * Whether what is installed is what is locked. Packages for other platforms are optional, and absent.
 *
 * @param {Record<string, LockedPackage>} locked
 * @param {Record<string, LockedPackage>} installed
 * @param {(path: string) => boolean} exists
 */
export function matches(locked, installed, exists) {
  return Object.entries(locked).every(([path, { version, integrity, optional }]) => {
    const other = installed[path];
    if (path === "" || (optional && !other)) return true;
    return other?.version === version && other?.integrity === integrity && exists(path);
  });
}

/** The npm that runs this script, else the one on the PATH. @returns {[string, ...string[]]} */
function npmCommand() {
  const running = process.env.npm_execpath;
  return running && basename(running) === "npm-cli.js" ? [process.execPath, running] : ["npm"];
}
