import { oneLine } from "../runtime/printable.mjs";

/**
 * Rows of cells as aligned columns for the terminal; the first row is the head.
 * @param align a letter for each column: `l` or `r`.
 */
export function textTable(texts: readonly (readonly string[])[], align: string): string {
  const rows = texts.map((row) => row.map((text) => oneLine(text)));
  const widths = [...align].map((_, c) => Math.max(...rows.map((row) => (row[c] as string).length)));
  const cell = (text: string, c: number) =>
    align[c] === "r" ? text.padStart(widths[c] as number) : text.padEnd(widths[c] as number);
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

/** The same as a Markdown table. */
export function markdownTable([head = [], ...body]: readonly (readonly string[])[], align: string): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line([...align].map((a) => (a === "r" ? "--:" : "---"))), ...body.map(line)].join("\n");
}
