import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { findUpwards } from "../../src/runtime/find-upwards.mjs";
import { home as root } from "../../src/runtime/installation.mjs";

/** Files that may go into a program, or say how it is compiled. */
const CODE = /\.(ts|mjs|json)$/;

/** SHA-256 of all that programs are compiled from: a program of this digest is what its sources say. */
export function sourcesDigest() {
  const hash = createHash("sha256");
  const add = (/** @type {string} */ name, /** @type {string} */ file) =>
    hash.update(`\n${name}\n`).update(readFileSync(file));
  for (const folder of ["src", "stages"])
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: "utf8" }).sort())
      if (CODE.test(name)) add(`${folder}/${name}`, join(root, folder, name));
  for (const name of ["compile.mjs", "compiled.mjs", "programs.mjs"])
    add(name, fileURLToPath(new URL(name, import.meta.url)));
  const packages = join(packagesHome(), "node_modules", ".package-lock.json");
  if (existsSync(packages)) add("packages", packages);
  return hash.digest("hex");
}

/** The folder whose node_modules the project's imports come from: this one, or the one around a copy that DVC has made. */
export const packagesHome = () => dirname(findUpwards("node_modules", root) ?? join(root, "node_modules"));
