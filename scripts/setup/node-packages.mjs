import { existsSync, readFileSync } from "node:fs";
import { npmCi } from "./npm.mjs";
import { nodeModules, root } from "./paths.mjs";
import { readStamp } from "./stamp.mjs";

/** npm's own record of what it has installed, which it writes last. */
const record = nodeModules(".package-lock.json");

/** @returns {Record<string, LockedPackage> | undefined} */
const installed = () => readStamp(record)?.packages;

/**
 * The packages of the repository's package-lock.json, none of which may run a script of its own (.npmrc). Those for working on it are
 * among them: what is bundled into the published package is listed there.
 *
 * @type {import("./step.mjs").Step}
 */
export const nodePackages = {
  name: "Node packages",
  done() {
    const there = installed();
    return there !== undefined && matches(readLock(), there, (path) => existsSync(`${root}/${path}`));
  },
  async run() {
    await npmCi(root, "--include=dev");
    return `${Object.keys(installed() ?? {}).length} packages, as locked`;
  },
};

/** @returns {Record<string, LockedPackage>} */
const readLock = () => JSON.parse(readFileSync(`${root}/package-lock.json`, "utf8")).packages;

/** @typedef {{version?: string, integrity?: string, optional?: boolean, devOptional?: boolean}} LockedPackage */

/**
 * Whether what is installed is what is locked, no more and no less. Packages for other platforms are optional, and absent.
 *
 * @param {Record<string, LockedPackage>} locked
 * @param {Record<string, LockedPackage>} installed
 * @param {(path: string) => boolean} exists
 */
export function matches(locked, installed, exists) {
  if (Object.keys(installed).some((path) => locked[path] === undefined)) return false;
  return Object.entries(locked).every(([path, { version, integrity, optional, devOptional }]) => {
    const other = installed[path];
    if (path === "" || ((optional || devOptional) && !other)) return true;
    return other?.version === version && other?.integrity === integrity && exists(path);
  });
}
