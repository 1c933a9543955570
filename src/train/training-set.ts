import { type FeatureReader, openFeatures } from "../records/features.ts";
import { classNames, type Split } from "../records/image-folder.ts";
import type { LabelRow } from "../records/labels.ts";
import { StageError } from "../runtime/errors.ts";

/** One split's features with the class that each row is said to belong to. */
export interface LabelledFeatures {
  features: FeatureReader;
  /** Class number of each row, by the label table's `label`: what training believes. */
  classes: Uint16Array;
}

/**
 * Opens a split's features and joins the label table to them by image.
 * @param names the class names; their order numbers them.
 * @throws StageError when an image has no row in the label table: the two come from different images.
 */
export async function openLabelled(
  folder: string,
  split: Split,
  labels: readonly LabelRow[],
  names: readonly string[],
): Promise<LabelledFeatures> {
  const features = await openFeatures(folder, split);
  const number = new Map(names.map((name, i) => [name, i]));
  const label = new Map(labels.filter((row) => row.split === split).map((row) => [row.image, row.label]));
  const classes = Uint16Array.from(features.images, (image) => number.get(label.get(image) ?? "") ?? 0xffff);
  const stray = classes.indexOf(0xffff);
  if (stray >= 0 || label.size !== features.images.length) {
    const unknown =
      stray >= 0
        ? `${features.images[stray]} has features but no label`
        : `${label.size} labels for ${features.images.length} rows of features`;
    throw new StageError(`${folder}, ${split}: ${unknown}.`, { hint: "Bring both up to date: `dvc repro train-top`." });
  }
  return { features, classes };
}

/** The class names of a label table, in the order that numbers them. */
export const classesOf = (labels: readonly LabelRow[]): string[] => classNames(labels.map((row) => row.true_label));
