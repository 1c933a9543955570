import { printable } from "../../src/runtime/printable.mjs";

/**
 * One line of the doctor's report.
 *
 * @typedef {object} Finding
 * @property {string} label
 * @property {string} text what is so
 * @property {string} [remedy] makes it a fault: what to do about it
 * @property {boolean} [fatal] the fault keeps the pipeline from running
 */

/** Prints findings, each fault with its remedy on the next line. @param {Finding[]} findings @returns {boolean} whether one is fatal */
export function printFindings(findings) {
  const width = Math.max(...findings.map(({ label }) => label.length));
  for (const { label, text, remedy, fatal } of findings) {
    const mark = remedy === undefined ? "✓" : fatal ? "✗" : "!";
    const margin = " ".repeat(width + 4);
    console.log(printable(`${mark} ${label.padEnd(width)}  ${text.replaceAll("\n", `\n${margin}`)}`));
    if (remedy !== undefined) console.log(printable(`${margin}→ ${remedy}`));
  }
  return findings.some(({ fatal }) => fatal);
}
