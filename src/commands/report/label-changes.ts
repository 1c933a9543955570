import type { LabelRow } from "../../records/labels/labels.ts";

/** An image whose label differs between two revisions. */
export interface LabelChange {
  image: string;
  true_label: string;
  base: string;
  head: string;
}

/** How two label tables differ. */
export interface LabelDifference {
  /** In head's order. */
  changed: LabelChange[];
  /** Images that stand in head's table alone, and in base's alone. */
  added: number;
  removed: number;
}

/** Compares two label tables image by image. */
export function labelChanges(base: readonly LabelRow[], head: readonly LabelRow[]): LabelDifference {
  const before = new Map(base.map((row) => [row.image, row.label]));
  const now = new Set(head.map(({ image }) => image));
  return {
    changed: head.flatMap(({ image, label, true_label }) => {
      const old = before.get(image);
      return old === undefined || old === label ? [] : [{ image, true_label, base: old, head: label }];
    }),
    added: head.filter(({ image }) => !before.has(image)).length,
    removed: base.filter(({ image }) => !now.has(image)).length,
  };
}

/** How many images of each true class changed from which label to which, the most first. */
export function countChanges(changed: readonly LabelChange[]): (Omit<LabelChange, "image"> & { images: number })[] {
  const counts = new Map<string, Omit<LabelChange, "image"> & { images: number }>();
  for (const { true_label, base, head } of changed) {
    const key = JSON.stringify([true_label, base, head]);
    const entry = counts.get(key) ?? { true_label, base, head, images: 0 };
    counts.set(key, { ...entry, images: entry.images + 1 });
  }
  return [...counts.values()].sort((a, b) => b.images - a.images);
}
