import type { ImageParams } from "../../records/features/image-params.ts";
import { readPlain } from "../../records/format/image-shards.ts";
import { StageError, throwSystemError } from "../../runtime/errors.ts";
import { decodeFile, FILE_LIMIT } from "./files/decode-file.ts";
import { resizeNearest } from "./nearest.ts";
import { resample } from "./resample.ts";

/**
 * Decodes an image to the pixels that the network sees, as Keras's `load_img` does: RGB ({@link decodeFile} says where it differs),
 * stretched to a square.
 * @param read how its bytes are had, by default from the file.
 * @returns pixels [size, size, 3], RGB, 0–255, row by row.
 * @throws StageError naming the file when it is not an image, is damaged, or is too large.
 */
export async function decodeImage(
  file: string,
  { size, resize }: Pick<ImageParams, "size" | "resize">,
  read: (file: string) => Promise<Buffer> = (file) => readPlain(file, FILE_LIMIT),
): Promise<Uint8Array> {
  const { pixels, width, height } = await read(file)
    .then((bytes) => decodeFile(bytes))
    .catch((cause: Error) => {
      throwSystemError(cause, file);
      throw new StageError(`${file}: cannot be decoded: ${cause.message}`, {
        hint: (cause instanceof StageError && cause.hint) || "Remove or replace the file.",
        cause,
      });
    });
  return resize === "nearest"
    ? resizeNearest(pixels, width, height, size)
    : resample(pixels, width, height, size, resize);
}
