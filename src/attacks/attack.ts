import type { ImageEntry } from "../records/format/image-folder.ts";
import type { LabelRow } from "../records/labels/labels.ts";
import type { Balance } from "./apportion.ts";

/** What an attack looks at, beside the amount and the seed. */
export type Material = "labels" | "features" | "pixels";

/** What an attack is given. */
export interface AttackInput {
  /** All images with their true classes, in the order of the label table; only those of the split `train` may be poisoned. */
  images: readonly ImageEntry[];
  /** % of the training images to poison, 0–100. */
  poison: number;
  /** Equal seeds, equal labels. */
  seed: number;
  /** How many of the poisoned images each class gets: as many as each other, or in proportion to its size. */
  balance: Balance;
  /** Folder of the restored images, for an attack that needs `pixels`. */
  pixels: string;
  /** Folder of the bottleneck features (records/features/features.ts opens it), for an attack that needs `features`. */
  features: string | undefined;
}

/** A way to choose which training labels are wrong, and what they say instead. */
export interface Attack {
  /** One sentence for people: what it does to the labels. */
  describe: string;
  needs: readonly Material[];
  /**
   * Poisons.
   * @returns one row per image, in the order given; `true_label` is the image's class, validation rows are left alone.
   * @throws StageError when it cannot poison as much as it is asked to.
   */
  poison(input: AttackInput): LabelRow[] | Promise<LabelRow[]>;
}
