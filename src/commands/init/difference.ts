import { existsSync, readFileSync } from "node:fs";

/** Files that people have written in; of others the number of lines will do. */
const SHOWN = /\.ya?ml$|ignore$|config$/;

/** What a file would get: its name, and the lines that it has not, each after a plus. */
export function showDifference(shown: string, path: string, content: string | Buffer): string {
  const before = existsSync(path) ? readFileSync(path, "utf8").split(/\r?\n/) : undefined;
  const rest = [...(before ?? [])];
  const added = content
    .toString()
    .split(/\r?\n/)
    .filter((line) => {
      const at = rest.indexOf(line);
      if (at >= 0) rest.splice(at, 1);
      return at < 0;
    });
  const head = `${shown}${before === undefined ? " (new)" : ""}`;
  if (!SHOWN.test(path)) return `${head}: ${added.length} lines`;
  return [head, ...added.filter((line) => line.trim() !== "").map((line) => `+ ${line}`)].join("\n");
}
