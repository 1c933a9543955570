/** A Markdown table; nothing for no rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n");
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");

/** Text as code, whatever it holds. */
export const code = (text: string): string => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

/** A part that is folded up until it is clicked. */
export const folded = (summary: string, content: string): string =>
  `<details>\n<summary>${escapeHtml(summary)}</summary>\n\n${content}\n\n</details>`;

/** Plain text that Markdown and HTML leave alone. */
export const escapeHtml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** A value as a person reads it: whole numbers in full, others with four digits that count. */
export function show(value: unknown): string {
  if (value === undefined) return "–";
  if (value === null) return "not a number";
  if (typeof value !== "number") return typeof value === "string" ? escapeHtml(value) : code(JSON.stringify(value));
  return String(Number.isInteger(value) ? value : Number(value.toPrecision(4)));
}
