import { markdownTable as compactTable } from "markdown-table";
import stringWidth from "string-width";
import { oneLine } from "../runtime/printable.mjs";

/** Rows of cells, the first one the head. */
export type Rows = readonly (readonly string[])[];

/** How a column stands: a letter for each, `l` or `r`. */
export type Align = string;

/** Rows as aligned columns for the terminal, two spaces apart. Letters that take two columns there (CJK, emoji) count twice. */
export function textTable(texts: Rows, align: Align): string {
  const rows = texts.map((row) => row.map((text) => oneLine(text)));
  const widths = [...align].map((_, c) => Math.max(...rows.map((row) => stringWidth(row[c] as string))));
  const cell = (text: string, c: number) => {
    const space = " ".repeat((widths[c] as number) - stringWidth(text));
    return align[c] === "r" ? space + text : text + space;
  };
  return rows.map((row) => row.map(cell).join("  ").trimEnd()).join("\n");
}

/** Rows as a table in GitHub's Markdown, which the cells are taken for: whoever fills them escapes what is not meant so. */
export function markdownTable(rows: Rows, align: Align): string {
  return compactTable(
    rows.map((row) => [...row]),
    { align: [...align], alignDelimiters: false },
  );
}
