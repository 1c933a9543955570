import { classNamesOf } from "../../records/format/image-folder.ts";
import { type LabelRow, swappedRows } from "../../records/labels/labels.ts";
import type { TrainMetrics } from "../../records/training/train-metrics.ts";
import { plotTitle } from "../plot-title.ts";
import type { Group, Sheet } from "./sheet.ts";

/** The most images that are shown: 10 % of the study's training images. */
export const MOST_POISONED = 200;

/** With more classes than this, all images stand in one group. */
const MOST_GROUPS = 6;

/**
 * The training images whose label was swapped, each with its true and its given label, by true class and in the table's order.
 * Where they are more than {@link MOST_POISONED}, an equal share of each class is shown, and the title says so.
 */
export function poisonedSheet(rows: readonly LabelRow[], metadata: TrainMetrics, seed: number): Sheet {
  const swapped = swappedRows(rows);
  const names = classNamesOf(swapped.map((row) => row.true_label));
  const byClass = names.map((name) => swapped.filter((row) => row.true_label === name));
  const shown = shares(byClass, MOST_POISONED);
  const count = shown.flat().length;
  return {
    title: plotTitle(metadata) + (count < swapped.length ? `, ${count} shown` : ""),
    subtitle: `true label → label given · seed ${seed} · dataset: ${metadata.dataset.name}`,
    groups:
      byClass.length > MOST_GROUPS
        ? [group(shown.flat(), "images labelled as another class", swapped.length)]
        : shown.map((members, i) => group(members, describe(byClass[i] as LabelRow[]), byClass[i]?.length as number)),
    empty: "There are no poisoned images: training sees every image with its true label.",
  };
}

function group(rows: readonly LabelRow[], heading: string, of: number): Group {
  return {
    heading: `${heading}: ${rows.length < of ? `first ${rows.length} of ${of}` : of}`,
    tiles: rows.map(({ image, true_label, label }) => ({ image, from: true_label, to: label })),
  };
}

function describe(rows: readonly LabelRow[]): string {
  const [first] = rows as [LabelRow];
  const same = rows.every(({ label }) => label === first.label);
  return `${first.true_label} labelled as ${same ? first.label : "another class"}`;
}

/** The first of each list, `most` in all, as equally shared as their lengths allow. */
function shares<T>(lists: readonly T[][], most: number): T[][] {
  let left = most;
  const bySize = [...lists.keys()].sort((a, b) => (lists[a]?.length ?? 0) - (lists[b]?.length ?? 0));
  const taken: T[][] = [];
  for (const [done, i] of bySize.entries()) {
    const list = lists[i] as T[];
    taken[i] = list.slice(0, Math.floor(left / (lists.length - done)));
    left -= taken[i].length;
  }
  return taken;
}
