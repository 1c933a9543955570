import { resolve } from "node:path";
import { StageError } from "../../runtime/errors.ts";

/** A picture of a contact sheet, and what stands below it. */
export interface SheetImage {
  /** The image file: JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP. */
  file: string;
  /** In bold: the label that is given or predicted, or any caption. */
  label: string;
  /** Stands before it, with an arrow between: the label that is true. */
  trueLabel?: string;
  /** Stands in the second line, before the file's name. */
  note?: string;
}

/** A contact sheet's texts and pictures. */
export interface SheetOptions {
  title: string;
  subtitle?: string;
  /** Pictures under headings, in place of one list. */
  groups: readonly { heading: string; images: readonly SheetImage[] }[];
  /** Stands in the place of the pictures where there are none. */
  empty?: string;
}

/**
 * Draws a contact sheet, 2000 px wide: images whole, in squares, large when they are few, with labels below. Texts that are too long end
 * in an ellipsis.
 *
 * @example
 * ```ts
 * import { writeFile } from "node:fs/promises";
 * import { contactSheet } from "dvc-poison/plots";
 *
 * const images = [{ file: "photos/cat.4362.jpg", trueLabel: "cats", label: "dogs", note: "97.3 %" }];
 * const jpeg = await contactSheet({ title: "Most wrong", groups: [{ heading: "1 of 2 images", images }] });
 * await writeFile("most-wrong.jpg", jpeg);
 * console.log(jpeg.subarray(0, 3)); // → <Buffer ff d8 ff>
 * ```
 *
 * @returns the bytes of a JPEG.
 * @throws StageError naming the first image that is missing or damaged.
 */
export async function contactSheet({
  title,
  subtitle = "",
  groups,
  empty = "There are no images.",
}: SheetOptions): Promise<Buffer> {
  const { drawSheet } = await import("../../plots/sheet/draw-sheet.ts");
  const tiles = groups.map(({ heading, images }) => ({
    heading,
    tiles: images.map(({ file, label, trueLabel, note }) => ({
      image: resolve(file),
      to: label,
      ...(trueLabel !== undefined && { from: trueLabel }),
      ...(note !== undefined && { note }),
    })),
  }));
  return drawSheet({ title, subtitle, groups: tiles.filter((group) => group.tiles.length > 0), empty }, "/").catch(
    (error) => {
      throw error instanceof StageError ? new StageError(error.message, { cause: error }) : error; // no stage restores them
    },
  );
}
