import type { LabelRow } from "../records/labels/labels.ts";
import { changedWord, levelText } from "../records/labels/level-text.ts";
import { oneLine } from "../runtime/printable.mjs";
import type { Balance } from "./apportion.ts";

/** So many classes are named, each with its number. */
const MOST_NAMED = 6;

/** What an attack has done to a label table, for people. */
export interface Swaps {
  poisoned: number;
  classes: number;
  /** `150 of 2000 training images swapped (75 cats, 75 dogs)` */
  summary: string;
  /** Sentences on what did not come as it was asked for. */
  notes: string[];
}

/** Looks at a label table. @param asked of params.yaml */
export function describeSwaps(rows: readonly LabelRow[], asked: { poison: number; balance: Balance }): Swaps {
  const sizes = new Map<string, number>();
  const swapped = new Map<string, number>();
  const add = (counts: Map<string, number>, name: string) => counts.set(name, (counts.get(name) ?? 0) + 1);
  for (const { split, label, true_label } of rows) {
    if (split !== "train") continue;
    add(sizes, true_label);
    if (label !== true_label) add(swapped, true_label);
  }
  const [training, poisoned] = [sizes, swapped].map((counts) => [...counts.values()].reduce((a, b) => a + b, 0)) as [
    number,
    number,
  ];
  const named =
    swapped.size > MOST_NAMED
      ? `${swapped.size} of ${sizes.size} classes`
      : [...swapped].map(([name, count]) => `${count} ${oneLine(name)}`).join(", ");
  const reached = levelText((100 * poisoned) / training);
  const level = reached === levelText(asked.poison) ? "" : `, ${reached} % instead of ${levelText(asked.poison)} %`;
  const notes: string[] = [];
  if (asked.poison > 0 && poisoned === 0) notes.push(`${asked.poison} % of ${training} images rounds to none.`);
  const most = Math.max(0, ...swapped.values());
  // Within one image of each other is as equal as can be, and of all images there is no choice.
  const small = [...swapped].filter(([name, count]) => count === sizes.get(name) && count < most - 1);
  if (asked.balance === "equal" && poisoned < training && small.length > 0) {
    const names = small.slice(0, MOST_NAMED).map(([name, count]) => `"${oneLine(name)}" (${count})`);
    const others = small.length > MOST_NAMED ? ` and ${small.length - MOST_NAMED} more classes` : "";
    notes.push(
      `attack.balance is equal, but ${names.join(", ")}${others} ${small.length === 1 ? "is" : "are"} too small for that: all their images are ${changedWord(sizes.size)}, and the rest are of the other classes, up to ${most} of each.`,
    );
  }
  return {
    poisoned,
    classes: swapped.size,
    summary: `${poisoned} of ${training} training images ${changedWord(sizes.size)}${level}${named && ` (${named})`}`,
    notes,
  };
}
