import { readFile, stat } from "node:fs/promises";
import type { ImageParams } from "../../records/features/image-params.ts";
import { StageError, throwSystemError } from "../../runtime/errors.ts";
import { decodeFile, FILE_LIMIT } from "./files/decode-file.ts";
import { resizeNearest } from "./nearest.ts";
import { resample } from "./resample.ts";

/**
 * Decodes an image to the pixels that the network sees, as Keras's `load_img` does: RGB ({@link decodeFile} says where it differs),
 * stretched to a square.
 * @returns pixels [size, size, 3], RGB, 0–255, row by row.
 * @throws StageError naming the file when it is not an image, is damaged, or is too large.
 */
export async function decodeImage(
  file: string,
  { size, resize }: Pick<ImageParams, "size" | "resize">,
): Promise<Uint8Array> {
  const { pixels, width, height } = await readBytes(file)
    .then((bytes) => decodeFile(bytes))
    .catch((cause: Error) => {
      throwSystemError(cause, file);
      throw new StageError(`${file}: cannot be decoded: ${cause.message}`, {
        hint: "Remove or replace the file.",
        cause,
      });
    });
  return resize === "nearest"
    ? resizeNearest(pixels, width, height, size)
    : resample(pixels, width, height, size, resize);
}

async function readBytes(file: string): Promise<Buffer> {
  const entry = await stat(file);
  if (!entry.isFile()) throw new Error("it is no file"); // a link may lead to a pipe or to /dev/zero
  if (entry.size > FILE_LIMIT)
    throw new Error(`has ${Math.ceil(entry.size / 1e6)} MB; the limit is ${FILE_LIMIT / 1e6} MB`);
  return await readFile(file);
}
