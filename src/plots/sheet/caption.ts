import type { Tile } from "./sheet.ts";

/** How wide a text is in px. */
type Measure = (text: string) => number;

/** The text, or as much of its beginning as fits with an ellipsis. */
export function shortened(text: string, width: number, measure: Measure): string {
  if (measure(text) <= width) return text;
  const letters = [...text];
  let kept = letters.length;
  let short: string;
  do short = `${letters.slice(0, --kept).join("").trimEnd()}…`;
  while (kept > 1 && measure(short) > width);
  return short;
}

/** `cats → dogs` in three parts that fit together into `width`: the longer name is shortened first, then both alike. */
export function fitCaption(
  { from, to }: Tile,
  width: number,
  measure: (text: string, bold: boolean) => number,
): { text: string; bold: boolean }[] {
  const plain = (text: string) => measure(text, false);
  const strong = (text: string) => measure(text, true);
  const arrow = " → ";
  const room = width - plain(arrow);
  const [a, b] = [plain(from), strong(to)];
  const half = room / 2;
  const [left, right] = a + b <= room ? [a, b] : a <= half ? [a, room - a] : b <= half ? [room - b, b] : [half, half];
  return [
    { text: shortened(from, left, plain), bold: false },
    { text: arrow, bold: false },
    { text: shortened(to, right, strong), bold: true },
  ];
}
