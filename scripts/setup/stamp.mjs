import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";

/*
 * A stamp is a small JSON file that a step writes as its last act, inside the thing that it vouches for: whoever removes the
 * thing removes the stamp, and a step that was cut short leaves none.
 */

/** What a stamp says, or nothing when it is missing or torn. @param {string} path @returns {Record<string, any> | undefined} */
export function readStamp(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return undefined;
  }
}

/** Writes a stamp in one piece. @param {string} path @param {Record<string, unknown>} content */
export function writeStamp(path, content) {
  mkdirSync(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  writeFileSync(partial, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(partial, path);
}

/** Takes a stamp away before its thing is changed. @param {string} path */
export const removeStamp = (path) => rmSync(path, { force: true });

/** SHA-256 of the inputs of a step. @param {unknown[]} inputs anything that JSON can hold */
export const digest = (...inputs) => createHash("sha256").update(JSON.stringify(inputs)).digest("hex");
