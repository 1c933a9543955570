import { type FeatureReader, openRows } from "../records/features/features.ts";
import type { FeatureMetadata } from "../records/features/features-metadata.ts";
import { readRows } from "../records/features/read-rows.ts";
import type { Split } from "../records/format/image-folder.ts";
import { anew } from "../records/format/text.ts";
import { classNamesIn, type LabelRow } from "../records/labels/labels.ts";
import { StageError } from "../runtime/errors.ts";

/** One split's features with the class that each row is said to belong to. */
export interface LabelledFeatures {
  features: FeatureReader;
  /** Class number of each row, by the label table's `label`: what training believes. */
  targets: Uint16Array;
}

/** What the top model is trained and validated on: open files, to be held with `await using`. */
export interface TrainingSet extends AsyncDisposable {
  /** Their order numbers the classes. */
  classNames: string[];
  metadata: FeatureMetadata;
  train: LabelledFeatures;
  validation: LabelledFeatures;
}

/**
 * Opens a folder of features and joins the label table to them by image.
 * @throws StageError when the two come from different images or classes, or the features are not of square images.
 */
export async function openTrainingSet(folder: string, labels: readonly LabelRow[]): Promise<TrainingSet> {
  const rows = await readRows(folder);
  const { metadata } = rows;
  assertSquare(folder, rows.rowShape);
  const classNames = classNamesIn(labels);
  const { classes } = metadata.dataset;
  if (classNames.join("\n") !== classes.join("\n"))
    throw strangers(
      `${folder}: the classes are ${classes.join(", ")}, but the label table has ${classNames.join(", ")}.`,
    );
  const opened: FeatureReader[] = [];
  const close = async () => void (await Promise.all(opened.map((reader) => reader.close())));
  const open = async (split: Split) => {
    const reader = await openRows(rows, split);
    opened.push(reader);
    return withTargets(
      reader,
      `${folder}, ${split}`,
      labels.filter((row) => row.split === split),
      classNames,
    );
  };
  try {
    const [train, validation] = [await open("train"), await open("validation")];
    return { classNames, metadata, train, validation, [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** @param labels those of the split. @param where what messages call it. */
function withTargets(
  features: FeatureReader,
  where: string,
  labels: readonly LabelRow[],
  classNames: readonly string[],
): LabelledFeatures {
  const number = new Map(classNames.map((name, c) => [name, c]));
  const given = new Map(labels.map((row) => [row.image, row.label]));
  const stray = features.images.find((image) => !given.has(image));
  if (stray !== undefined) throw strangers(`${where}: ${stray} has features but no label.`);
  if (given.size !== features.images.length)
    throw strangers(`${where}: ${given.size} labels for ${features.images.length} rows of features.`);
  const targets = Uint16Array.from(features.images, (image) => number.get(given.get(image) as string) as number);
  return { features, targets };
}

/** Rows of another shape and as many values would be taken for these, and mean something else. */
function assertSquare(folder: string, rowShape: readonly number[]): void {
  const [height, width] = rowShape;
  if (rowShape.length === 3 && height === width) return; // images are square
  throw new StageError(
    `${folder}: the features of an image have the shape [${rowShape.join(", ")}]; it must be [side, side, channels].`,
    { hint: anew("extract-bottleneck") },
  );
}

const strangers = (message: string) =>
  new StageError(message, { hint: "Bring both up to date: `dvc repro train-top`." });
