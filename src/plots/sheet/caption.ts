import type { Tile } from "./sheet.ts";

/** How wide a text is in px. */
type Measure = (text: string) => number;

/**
 * The text, or what fits of it with an ellipsis, which stands for no other of `names`: its beginning, else beginning and end, else a part
 * from its middle. Where none of them tells it from the others, its number among them stands at the end.
 * @param names all that stand on the sheet in such a place.
 */
export function shortened(text: string, width: number, measure: Measure, names: readonly string[] = []): string {
  if (measure(text) <= width) return text;
  const letters = [...text];
  const others = names.filter((name) => name !== text);
  const fits = (short: string) => measure(short) <= width;
  let kept = letters.length - 1;
  while (kept > 1 && !fits(cut(letters, kept, 0).short)) kept--;
  for (const [head, tail] of splits(kept)) {
    const { short, matches } = cut(letters, head, tail);
    if ((tail === 0 || fits(short)) && !others.some(matches)) return short;
  }
  for (const from of starts(letters, others)) {
    const part = letters
      .slice(from, from + kept - 1)
      .join("")
      .trim();
    if (fits(`…${part}…`) && !others.some((name) => name.includes(part))) return `…${part}…`;
  }
  const number = `#${names.indexOf(text) + 1}`;
  while (kept > 0 && !fits(`${letters.slice(0, kept).join("")}…${number}`)) kept--;
  return kept > 0 ? `${letters.slice(0, kept).join("")}…${number}` : number;
}

/** How many letters of the beginning and of the end: the beginning alone, then about as many of both, then ever more unlike. */
const splits = (kept: number): [head: number, tail: number][] => [
  [kept, 0],
  ...Array.from({ length: kept }, (_, i): [number, number] => [i, kept - i]).sort(
    ([a, b], [c, d]) => Math.abs(a - b) - Math.abs(c - d),
  ),
];

/** Where a part from the middle may begin: at the word in which the text begins to differ from the others, else anywhere. */
function starts(letters: readonly string[], others: readonly string[]): number[] {
  const all = [...letters.keys()].slice(1);
  const alike = all.filter((at) => others.some((name) => name.startsWith(letters.slice(0, at).join(""))));
  const isLetter = (letter: string | undefined) => /^[\p{L}\p{N}]$/u.test(letter ?? "");
  const word = alike.findLast((at) => isLetter(letters[at]) && !isLetter(letters[at - 1]));
  return word === undefined ? all : [word, ...all];
}

/** Beginning and end of a text around an ellipsis, and whether a name could be shortened to the same. */
function cut(letters: readonly string[], head: number, tail: number) {
  const start = letters.slice(0, head).join("").trimEnd();
  const end = letters
    .slice(letters.length - tail)
    .join("")
    .trimStart();
  return {
    short: `${start}…${end}`,
    matches: (name: string) => name.length >= start.length + end.length && name.startsWith(start) && name.endsWith(end),
  };
}

/**
 * `cats → dogs` in three parts that fit together into `width`: the longer name is shortened first, then both alike. `dogs` alone is one.
 * @param names all classes on the sheet, of which no two look the same.
 */
export function fitCaption(
  { from, to }: Tile,
  width: number,
  measure: (text: string, bold: boolean) => number,
  names: readonly string[] = [],
): { text: string; bold: boolean }[] {
  const plain = (text: string) => measure(text, false);
  const strong = (text: string) => measure(text, true);
  if (from === undefined) return [{ text: shortened(to, width, strong, names), bold: true }];
  const arrow = " → ";
  const room = width - plain(arrow);
  const [a, b] = [plain(from), strong(to)];
  const half = room / 2;
  const [left, right] = a + b <= room ? [a, b] : a <= half ? [a, room - a] : b <= half ? [room - b, b] : [half, half];
  return [
    { text: shortened(from, left, plain, names), bold: false },
    { text: arrow, bold: false },
    { text: shortened(to, right, strong, names), bold: true },
  ];
}
