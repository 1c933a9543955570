import sharp from "sharp";
import type { ImageParams } from "../../records/features/image-params.ts";
import { PIXEL_LIMIT } from "../../records/format/image-folder.ts";
import { StageError } from "../../runtime/errors.ts";
import { resizeNearest } from "./nearest.ts";

const KERNELS = { bilinear: "linear", lanczos3: "lanczos3" } as const;

/**
 * Decodes an image to the pixels that the network sees, as Keras's `load_img` does: RGB, alpha dropped, stretched to a square.
 * Grey, CMYK and 16-bit images become 8-bit RGB. Unlike Keras it turns photographs upright by their EXIF orientation.
 * @returns pixels [size, size, 3], RGB, 0–255, row by row.
 * @throws StageError naming the file when it is not an image, is damaged, or is larger than {@link PIXEL_LIMIT}.
 */
export async function decodeImage(
  file: string,
  { size, resize }: Pick<ImageParams, "size" | "resize">,
): Promise<Uint8Array> {
  // Pillow ignores embedded colour profiles; for equal pixels so do we.
  let image = sharp(file, { failOn: "error", limitInputPixels: PIXEL_LIMIT, ignoreIcc: true, sequentialRead: true })
    .autoOrient()
    .toColourspace("srgb")
    .removeAlpha();
  if (resize !== "nearest")
    image = image.resize(size, size, { fit: "fill", kernel: KERNELS[resize], fastShrinkOnLoad: false });
  const { data, info } = await image
    .raw({ depth: "uchar" })
    .toBuffer({ resolveWithObject: true })
    .catch((cause: Error) => {
      throw new StageError(`${file}: cannot be decoded: ${cause.message}`, {
        hint: "Remove or replace the file.",
        cause,
      });
    });
  return resize === "nearest" ? resizeNearest(data, info.width, info.height, size) : data;
}
