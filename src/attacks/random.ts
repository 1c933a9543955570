import { Random } from "../numbers/random.ts";
import { classNamesOf, type ImageEntry } from "../records/format/image-folder.ts";
import type { LabelRow } from "../records/labels/labels.ts";
import { apportion, type Balance, poisonedOf } from "./apportion.ts";
import type { Attack } from "./attack.ts";

/** Images chosen at random, shared out to the classes; with more than two classes the wrong label is random too. */
export const random: Attack = {
  describe: "swap the labels of images chosen at random, shared out to the classes as attack.balance says",
  needs: ["labels"],
  poison: ({ images, poison, seed, balance }) => poisonLabels(images, poison, seed, balance),
};

/**
 * Swaps the labels of `poison` % of the training images, to the nearest whole image; validation labels stay true.
 *
 * Each class's images are put in an order that depends on `seed` and the class's name alone, and the first ones are swapped, as many
 * as {@link apportion} says: the set for 2.5 % is contained in the set for 5 %. With more than two classes a swapped image takes any
 * other class's label, each equally likely, the same one at every level.
 * @param poison percent of all training images, 0–100.
 * @returns one row per image, in the order given.
 */
export function poisonLabels(
  images: readonly ImageEntry[],
  poison: number,
  seed: number,
  balance: Balance = "equal",
): LabelRow[] {
  const rows = images.map(({ image, split, label }) => ({ image, split, label, true_label: label }));
  const training = rows.filter((row) => row.split === "train");
  const classNames = classNamesOf(training.map((row) => row.label));
  const members = new Map(classNames.map((name) => [name, [] as LabelRow[]]));
  for (const row of training) members.get(row.true_label)?.push(row);
  const classes = [...members.values()];
  const ties = new Random(seed, "poison balance").permutation(classes.length);
  const sizes = classes.map(({ length }) => length);
  const swaps = apportion(sizes, poisonedOf(training.length, poison), balance, ties);
  for (const [c, name] of classNames.entries()) {
    const own = classes[c] as LabelRow[];
    const order = new Random(seed, "poison", name).permutation(own.length);
    const targets = new Random(seed, "poison target", name);
    for (const index of order.subarray(0, swaps[c])) {
      const other = targets.integer(classNames.length - 1);
      (own[index] as LabelRow).label = classNames[other < c ? other : other + 1] as string;
    }
  }
  return rows;
}
