/** Adds those lines to the text of an ignore file that are not in it, with a heading. @returns the text, and the lines that were added. */
export function addLines(text: string, lines: readonly string[], heading: string): { text: string; added: string[] } {
  const there = new Set(text.split(/\r?\n/).map(plain));
  const added = lines.filter((line) => !there.has(plain(line)));
  if (added.length === 0) return { text, added };
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  const before = text === "" || text.endsWith("\n") ? text : text + eol;
  return { text: before + [heading, ...added, ""].join(eol), added };
}

/** `/node_modules/` and `node_modules` keep the same folder out. */
const plain = (line: string): string => line.trim().replace(/^\/|\/$/g, "");
