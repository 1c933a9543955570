import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findInstalled } from "../../runtime/find-installed.mjs";

/*
 * What the set-up, which compiles the addon, and the stages, which load it, must agree on. Plain JavaScript: the set-up runs before
 * there is anything that could run TypeScript.
 */

/** The folder of the addon's sources. */
export const sources = fileURLToPath(new URL("./cpp", import.meta.url));

/** Where the addon lies in a project's folder: outside the folders that a stage depends on, for DVC would record its bytes with new sources. */
export const place = join(".dvc-poison", "convolution-addon", "convolution.node");

/** For every source: fused operations only where they are written. */
export const flags = ["-std=c++20", "-O3", "-ffp-contract=off", "-fno-math-errno"];

/** The builds of the kernel for a processor's family, as Node.js names it, and what they may use. @type {Record<string, Record<string, string[]>>} */
export const builds = {
  x64: { avx2: ["-mavx2", "-mfma"], avx512: ["-mavx2", "-mfma", "-mavx512f"] },
  arm64: { neon: [] },
};

/** SHA-256 of the sources and of how they are compiled: the addon carries it. */
export function sourcesDigest() {
  const hash = createHash("sha256").update(JSON.stringify([flags, builds]));
  for (const name of readdirSync(sources).sort()) hash.update(`\n${name}\n`).update(readFileSync(join(sources, name)));
  return hash.digest("hex");
}

/** The addon of this project, if it is built. */
export const findAddon = () => findInstalled(place);
