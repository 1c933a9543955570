import { oneLine } from "../../runtime/printable.mjs";
import { WORKSPACE } from "./revision.ts";

/*
 * The report becomes a comment on GitHub, and what strangers named must stay a name there: no link, picture, mention, reference, formula
 * or element. GitHub finds mentions and references after Markdown is read, where no backslash helps, but never in code: so every foreign
 * text stands as code, and only the report's own words stand as Markdown.
 */

/** Foreign text as code, on one line, cut where it is very long: `""` for none. */
export function code(text: string): string {
  // In a table a pipe is escaped, and the readers of Markdown differ on what a backslash before that escape means: a span ends between.
  const parts = (oneLine(text) || '""').split(/(?<=\\)(?=\|)/);
  return parts.map(span).join("<!-- -->");
}

/** A code span is closed by as many backticks as opened it, and loses one space at both ends if it has them there. */
function span(text: string): string {
  const runs = new Set(text.match(/`+/g)?.map(({ length }) => length));
  let length = 1;
  while (runs.has(length)) length++;
  const fence = "`".repeat(length);
  const pad = /^`|`$|^ .*[^ ].* $/.test(text) ? " " : "";
  return `${fence}${pad}${text}${pad}${fence}`;
}

/** A revision's name: one of git's or DVC's as code, the workspace's, which is ours, as it is. */
export const called = (name: string): string => (name === WORKSPACE ? name : code(name));

/** A Markdown table of cells that are Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

/** A part that is folded up until it is clicked. */
export const folded = (summary: string, content: string): string =>
  `<details>\n<summary>${summary}</summary>\n\n${content}\n\n</details>`;

/** A picture. @param path may hold any character. @param below the web address of the folder that the path starts from; default: the report's. */
export function picture(text: string, path: string, below?: string): string {
  const address = [...(below === undefined ? [] : [encodeURI(below)]), ...path.split("/").map(encodeURIComponent)].join(
    "/",
  );
  const target = address.replace(/[()$]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`).replaceAll("&", "&amp;");
  return `![${text}](${target})`;
}

/** A loss that training ended with; null is one that grew beyond all numbers. */
export const showLoss = (loss: number | null | undefined): string =>
  loss === null ? "no number (training diverged)" : show(loss);

/** A value as a person reads it: whole numbers in full, others with four digits that count, all else as code. Null is what there is none of. */
export function show(value: unknown): string {
  if (value === undefined || value === null) return "–";
  if (typeof value !== "number") return code(typeof value === "string" ? value : JSON.stringify(value));
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
}
