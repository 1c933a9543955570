/*
 * Decodes images in a process of its own: sharp and node-canvas clash in one (https://github.com/lovell/sharp/issues/2548).
 * It is asked with one Order and answers with one Answer.
 */
import { join } from "node:path";
import sharp from "sharp";
import { openImage } from "../../networks/pixels/files/decode-file.ts";
import { imageReader, type ReadImage } from "../../records/format/image-shards.ts";
import { concurrently } from "../../runtime/concurrently.ts";
import { answerOnce } from "../../runtime/fork-program.ts";
import { explainSystem } from "../../runtime/system-error.mjs";

/** What the program is asked for: every image in a square of `side` px, whole, on grey. */
export interface Order {
  folder: string;
  images: readonly string[];
  side: number;
}

/** Pixels [side, side, 3], RGB, row by row, of every image in order; or the image at fault. */
export type Answer = { thumbnails: Uint8Array[] } | { file: string; reason: string; hint?: string };

/** What shows beside a picture that is not square. */
const GREY = "#f0f0f0";

/** Images at a time, one thread each: as many as Node's thread pool has. */
const AT_ONCE = 4;

async function decode({ folder, images, side }: Order): Promise<Answer> {
  sharp.concurrency(1);
  sharp.cache(false);
  const thumbnails: Uint8Array[] = [];
  let file = "";
  try {
    const read = await imageReader(folder);
    await concurrently(images, AT_ONCE, async (image, i) => {
      const path = join(folder, image);
      thumbnails[i] = await thumbnail(image, side, read).catch((error: unknown) => {
        file ||= path; // others fail beside it
        throw error;
      });
    });
  } catch (error) {
    const { message, hint } = explainSystem(error) ?? { message: (error as Error).message };
    return { file, reason: message, ...(hint && { hint }) };
  }
  return { thumbnails };
}

async function thumbnail(image: string, side: number, read: ReadImage): Promise<Uint8Array> {
  const bytes = await read(image).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" ? new Error("the file is missing") : error;
  });
  return await openImage(bytes)
    .autoOrient()
    .resize(side, side, { fit: "contain", background: GREY })
    .flatten({ background: GREY })
    .toColourspace("srgb")
    .raw({ depth: "uchar" })
    .toBuffer();
}

answerOnce(decode);
