import { StageError } from "../runtime/errors.ts";

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is refused
const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

/** Whether a text has characters that move a cursor, end a line or turn the direction of writing. */
export const hasControls = (text: string): boolean => CONTROL.test(text);

/**
 * Whether a path that somebody else has written can only be a place within the folder from which it counts, on every system: relative,
 * with `/` alone, without `..`, drive or control characters.
 */
export function isInside(path: string): boolean {
  const sound = (part: string) => part !== "" && part !== "." && part !== ".." && Buffer.byteLength(part) <= MOST_BYTES;
  return (
    path.length <= MOST_CHARACTERS && !hasControls(path) && !/^[A-Za-z]:|\\/.test(path) && path.split("/").every(sound)
  );
}

/** No system takes longer names, nor many longer paths. */
const MOST_BYTES = 255;
const MOST_CHARACTERS = 1000;

/** DVC's digest of a file, or of a folder: MD5, and then `.dir`. */
export const isDigest = (text: string): boolean => /^[0-9a-f]{32}(\.dir)?$/.test(text);

/**
 * The flags of a stage's command that have a value: `node … stages/plot.ts --history plots/history.json` has `history`. Values may
 * stand in quotes. What comes before the program's name is no flag of it.
 */
export function flagsInCommand(command: string): Record<string, string> {
  const [, own = command] = /^\S*node\b.*?\s\S+\.[cm]?[jt]s(?=\s|$)(.*)$/s.exec(command) ?? [];
  const flags = own.matchAll(/(?<=^|\s)--([\w-]+)(?:=|\s+(?!--))(?:"([^"]*)"|'([^']*)'|(\S+))/g);
  return Object.fromEntries(
    [...flags].map(([, key, ...values]) => {
      const value = values.find((text) => text !== undefined) ?? "";
      return [key as string, value.replace(/^(\.\/+)+(?=.)/, "").replace(/(?<=.)\/+$/, "")];
    }),
  );
}

/** @returns the paths of a command. @throws StageError naming file, stage and flag of one that leads outside. */
export function pathsInCommand(command: string, where: string): Record<string, string> {
  const flags = flagsInCommand(command);
  for (const [flag, path] of Object.entries(flags)) {
    if (isInside(path)) continue;
    throw new StageError(`${where}: --${flag} is ${JSON.stringify(path)}, which is no path within the project.`, {
      hint: "Paths in dvc.yaml's commands are relative, with / and without `..`.",
    });
  }
  return flags;
}
