import { appendFileSync, existsSync, mkdirSync, renameSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { journalFile, type SpooledRun } from "./spool.ts";

/** Where what is no journal, or no event, is kept: `.mlflow/set-aside`, beside the spool. */
function asideFolder(folder: string): string {
  const aside = join(dirname(dirname(folder)), "set-aside");
  mkdirSync(aside, { recursive: true });
  return aside;
}

/** Keeps the lines of a journal that are no events, byte by byte, in a file that `warn` is told. */
export function setAside({ folder, strange }: SpooledRun, warn: (text: string) => void): void {
  const file = join(asideFolder(folder), `${basename(folder)}.jsonl`);
  for (const { bytes } of strange) appendFileSync(file, Buffer.concat([bytes, Buffer.from("\n")]));
  const numbers = strange.map(({ number }) => number);
  const shown =
    numbers.length > 10 ? `${numbers.slice(0, 10).join(", ")} and ${numbers.length - 10} more` : numbers.join(", ");
  warn(`${journalFile(folder)}: line ${shown}: no event that this version knows; kept in ${file}.`);
}

/** Moves what lies in the spool and is no journal out of it, as it is, to a place that `warn` is told. */
export function setAsideWhole(folder: string, warn: (text: string) => void): void {
  if (!existsSync(folder)) return; // another process was done with it
  const aside = asideFolder(folder);
  let place = join(aside, basename(folder));
  for (let other = 2; existsSync(place); other++) place = join(aside, `${basename(folder)}-${other}`);
  renameSync(folder, place);
  warn(
    `${folder}: is no journal of a run (empty, damaged, or another's file): it is kept in ${place}, and not delivered.`,
  );
}
