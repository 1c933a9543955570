import { existsSync, readFileSync } from "node:fs";
import { npmCi } from "./npm.mjs";
import { nodeModules, root } from "./paths.mjs";
import { readStamp } from "./stamp.mjs";

/** npm's own record of what it has installed, which it writes last. */
const record = nodeModules(".package-lock.json");

/** @returns {Record<string, LockedPackage> | undefined} */
const installed = () => readStamp(record)?.packages;

/**
 * The packages of package-lock.json, none of which may run a script of its own (.npmrc).
 *
 * @param {object} [what]
 * @param {boolean} [what.dev] also those for working on the project; where they are, they stay
 * @returns {import("./step.mjs").Step}
 */
export const nodePackages = ({ dev = false } = {}) => ({
  name: "Node packages",
  done() {
    const there = installed();
    if (there === undefined) return false;
    return matches(readLock(), there, (path) => existsSync(`${root}/${path}`), dev || hasDev(there));
  },
  async run() {
    const all = dev || hasDev(installed() ?? {});
    await npmCi(root, all ? "--include=dev" : "--omit=dev");
    return `${Object.keys(installed() ?? {}).length} packages, as locked`;
  },
});

/** @returns {Record<string, LockedPackage>} */
const readLock = () => JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8")).packages;

/** @typedef {{version?: string, integrity?: string, optional?: boolean, devOptional?: boolean, dev?: boolean}} LockedPackage */

/** Whether packages are installed that only work on the project needs. @param {Record<string, LockedPackage>} packages */
export const hasDev = (packages) => Object.values(packages).some((entry) => entry.dev);

/**
 * Whether what is installed is what is locked, no more and no less. Packages for other platforms are optional, and absent.
 *
 * @param {Record<string, LockedPackage>} locked
 * @param {Record<string, LockedPackage>} installed
 * @param {(path: string) => boolean} exists
 * @param {boolean} [dev] whether those for working on the project are wanted
 */
export function matches(locked, installed, exists, dev = true) {
  if (Object.keys(installed).some((path) => locked[path] === undefined)) return false;
  return Object.entries(locked).every(([path, { version, integrity, optional, devOptional, dev: forDev }]) => {
    const other = installed[path];
    if (path === "" || ((optional || devOptional) && !other) || (forDev && !dev)) return true;
    return other?.version === version && other?.integrity === integrity && exists(path);
  });
}
