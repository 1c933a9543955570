import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/*
 * The set-up stamps each addon that it compiles with a digest of its bytes. A machine that loads a damaged one may kill the program (`exited
 * with -7`), which then can say nothing: so the digest is compared before. Plain JavaScript: the set-up compares too.
 */

/** Where the set-up stamps an addon: in its folder. @param {string} addon */
export const stampPlace = (addon) => join(dirname(addon), "setup.json");

/** SHA-256 of an addon; nothing where there is none. @param {string} addon @returns {string | undefined} */
export function digestOf(addon) {
  try {
    return createHash("sha256").update(readFileSync(addon)).digest("hex");
  } catch {
    return undefined;
  }
}

/** Whether an addon has other bytes than were stamped: a set-up in progress, or one of before, says nothing of that. @param {string} addon */
export function isDamaged(addon) {
  try {
    const { addon: stamped } = JSON.parse(readFileSync(stampPlace(addon), "utf8"));
    return stamped !== undefined && stamped !== digestOf(addon);
  } catch {
    return false;
  }
}

/** What is said of a damaged one. @param {string} addon */
export const damage = (addon) => `${addon} is damaged: it has not the bytes that were compiled.`;
