import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { endingSignals, exitCodeOf } from "../../src/runtime/ending-signals.mjs";
import { home, installed } from "../../src/runtime/installation.mjs";
import { packagesHome, sourcesDigest } from "./digest.mjs";
import { sources } from "./programs.mjs";

/** Packages that are compiled into the programs: those that consist of many small files. All others are loaded as they are. */
const BUNDLED = ["string-width", "yaml", "yargs", "zod"];

/** Milliseconds after which programs of other sources are removed. */
const OLD = 30 * 24 * 3_600_000;

/**
 * The folder of the compiled programs, `NAME.mjs`: in the repository they are compiled where they are not those of the sources. They lie beside
 * node_modules, under a digest of what they were compiled from: copies of the project share them, and none runs another's.
 */
export async function compiledPrograms() {
  if (installed) return join(home, "dist", "programs");
  // What is compiled finds the files beside its source by this.
  Object.assign(globalThis, { dvcPoisonRoot: pathToFileURL(join(home, "/")).href });
  const place = join(packagesHome(), ".dvc-poison", "programs");
  const folder = join(place, sourcesDigest());
  if (existsSync(folder)) return folder;
  const partial = `${folder}.${process.pid}.partial`;
  const clear = () => rmSync(partial, { recursive: true, force: true });
  const end = (/** @type {NodeJS.Signals} */ signal) => process.exit(exitCodeOf(signal));
  process.once("exit", clear);
  for (const signal of endingSignals) process.on(signal, end);
  try {
    mkdirSync(partial, { recursive: true });
    const { compile } = await import("./compile.mjs");
    await compile({
      root: home,
      sources: sources(),
      folder: partial,
      external: packages().filter((name) => !BUNDLED.includes(name)),
      placeOf: (place) => `globalThis.dvcPoisonRoot + ${JSON.stringify(place)}`,
    });
    putInPlace(partial, folder);
  } finally {
    clear();
    process.off("exit", clear);
    for (const signal of endingSignals) process.off(signal, end);
  }
  removeOld(place);
  return folder;
}

/** The packages that the repository names. @returns {string[]} */
function packages() {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(home, "package.json"), "utf8"));
  return Object.keys({ ...dependencies, ...devDependencies });
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
