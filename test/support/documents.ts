import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** What people read: the README and the pages of docs, but for the generated API. */
export const DOCUMENTS = [
  "README.md",
  ...readdirSync("docs")
    .filter((file) => file.endsWith(".md"))
    .map((file) => join("docs", file)),
];

/** A command of a document's blocks of shell, without the comment behind it. */
export interface DocumentedCommand {
  document: string;
  command: string;
}

/** All commands of the blocks of shell, in their order; a heredoc and a line that ends with a pipe are one with what follows. */
export function commandsOf(document: string): DocumentedCommand[] {
  const blocks = readFileSync(document, "utf8").matchAll(/```(?:sh|bash)\n(.*?)```/gs);
  return [...blocks].flatMap(([, block = ""]) =>
    block
      .replace(/<<END\n.*?\nEND$/gms, "<<END")
      .replaceAll(/\|\n\s*/g, "| ")
      .split("\n")
      .map((line) => line.replace(/(^|\s{2,})# .*$/, "").trim())
      .filter((command) => command !== "")
      .map((command) => ({ document, command })),
  );
}
