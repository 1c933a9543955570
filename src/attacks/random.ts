import { Random } from "../numbers/random.ts";
import { classNamesOf, type ImageEntry } from "../records/format/image-folder.ts";
import type { LabelRow } from "../records/labels/labels.ts";
import { StageError } from "../runtime/errors.ts";
import type { Attack } from "./attack.ts";

/** Images chosen at random, half from each class; with more than two classes the wrong label is random too. */
export const random: Attack = {
  describe: "swap the labels of images chosen at random, the same number in each class",
  needs: ["labels"],
  poison: ({ images, poison, seed }) => poisonLabels(images, poison, seed),
};

/**
 * Swaps the labels of `poison` % of the training images, the same number in each class; validation labels stay true.
 *
 * Each class's images are put in an order that depends on `seed` and the class's name alone, and the first ones are swapped: the
 * set for 2.5 % is contained in the set for 5 %. With more than two classes a swapped image takes any other class's label, each
 * equally likely, the same one at every level.
 * @param poison percent of all training images, 0–100.
 * @returns one row per image, in the order given.
 * @throws StageError when a class has fewer images than are to be swapped in it.
 */
export function poisonLabels(images: readonly ImageEntry[], poison: number, seed: number): LabelRow[] {
  const rows = images.map(({ image, split, label }) => ({ image, split, label, true_label: label }));
  const training = rows.filter((row) => row.split === "train");
  const classNames = classNamesOf(training.map((row) => row.label));
  const perClass = swapsPerClass(training.length, classNames.length, poison);
  for (const name of classNames) {
    const members = training.filter((row) => row.true_label === name);
    if (perClass > members.length) {
      const most = Math.floor((members.length * classNames.length * 1e4) / training.length) / 100;
      throw new StageError(
        `params.yaml: poison is ${poison}, which swaps ${perClass} images in each class, but "${name}" has ${members.length}.`,
        { hint: `Set poison to at most ${most}, or balance the classes.` },
      );
    }
    const others = classNames.filter((other) => other !== name);
    const order = new Random(seed, "poison", name).permutation(members.length);
    const targets = new Random(seed, "poison target", name);
    for (const index of order.subarray(0, perClass)) {
      (members[index] as LabelRow).label = others[targets.integer(others.length)] as string;
    }
  }
  return rows;
}

/** How many images are swapped in each class: `poison` % of `images` shared equally, to the nearest whole number. */
export function swapsPerClass(images: number, numClasses: number, poison: number): number {
  return Math.round((images * poison) / 100 / numClasses);
}
