import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "../setup/paths.mjs";
import { packagesHome, sourcesDigest } from "./digest.mjs";
import { sources } from "./programs.mjs";

/** Milliseconds after which programs of other sources are removed. */
const OLD = 30 * 24 * 3_600_000;

/**
 * The folder of the compiled programs, `NAME.mjs`, which are compiled where they are not those of the sources. They lie beside
 * node_modules, under a digest of what they were compiled from: copies of the project share them, and none runs another's.
 */
export async function compiledPrograms() {
  // What is compiled finds the files beside its source by this.
  Object.assign(globalThis, { dvcPoisonRoot: pathToFileURL(join(root, "/")).href });
  const place = join(packagesHome(), ".dvc-poison", "programs");
  const folder = join(place, sourcesDigest());
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}.partial`;
  mkdirSync(partial, { recursive: true });
  try {
    const { compile } = await import("./compile.mjs");
    await compile(root, sources(), partial);
    putInPlace(partial, folder);
  } finally {
    rmSync(partial, { recursive: true, force: true });
  }
  removeOld(place);
  return folder;
}

/** @param {string} partial @param {string} folder */
function putInPlace(partial, folder) {
  try {
    renameSync(partial, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error; // else another process was first, with the same
  }
}

/** @param {string} place */
function removeOld(place) {
  for (const name of readdirSync(place)) {
    const folder = join(place, name);
    const age = Date.now() - (statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? Number.POSITIVE_INFINITY);
    if (age > OLD) rmSync(folder, { recursive: true, force: true });
  }
}
