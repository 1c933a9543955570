import sharp from "sharp";
import { PIXEL_LIMIT } from "../records/format/image-folder.ts";
import { StageError } from "../runtime/errors.ts";
import { oneLine } from "../runtime/printable.mjs";

/** The largest image file that is read, in bytes. */
export const FILE_LIMIT = 500_000_000;

/** How images of the kinds that are read begin: libvips also reads what can name other files, such as SVG, packed or not. */
const BEGINNINGS = [
  /^\xff\xd8\xff/, // JPEG
  /^\x89PNG/,
  /^RIFF.{4}WEBP/s,
  /^GIF8/,
  /^(II[*+]\0|MM\0[*+])/, // TIFF
  /^.{4}ftyp/s, // AVIF
];

const UNKNOWN = "is not an image of a kind that can be read (JPEG, PNG, WebP, GIF, TIFF, AVIF).";

/**
 * Decodes an image to its last pixel.
 * @param name what to call the file in messages.
 * @throws StageError when it is no image, is damaged or cut short, or is larger than {@link PIXEL_LIMIT}.
 */
export async function checkImage(bytes: Buffer, name: string): Promise<void> {
  const hint = "Remove or replace the file.";
  if (bytes.length === 0) throw new StageError(`${name}: is empty (0 bytes).`, { hint });
  const start = bytes.toString("latin1", 0, 256);
  if (
    start
      .replace(/^\xef\xbb\xbf/, "")
      .trimStart()
      .startsWith("<")
  )
    throw new StageError(`${name}: is a text (HTML, XML or SVG), not an image.`, { hint });
  if (!BEGINNINGS.some((beginning) => beginning.test(start))) throw new StageError(`${name}: ${UNKNOWN}`, { hint });
  if (lacksJpegEnd(bytes))
    throw new StageError(`${name}: is damaged or cut short: the JPEG end marker is missing.`, { hint });
  try {
    await decode(bytes, "warning");
  } catch (cause) {
    if (isHarmless(cause as Error) && (await decode(bytes, "error").catch(() => false))) return;
    throw new StageError(`${name}: ${await explain(bytes, cause as Error)}`, { hint, cause });
  }
}

async function decode(bytes: Buffer, failOn: "warning" | "error"): Promise<true> {
  // Several images at a time, one thread each: libvips's own threads gain nothing on photographs of this size.
  sharp.concurrency(1);
  await sharp(bytes, { failOn, limitInputPixels: PIXEL_LIMIT, sequentialRead: true })
    .raw({ depth: "uchar" })
    .toBuffer();
  return true;
}

/** libjpeg says "Corrupt JPEG data" when pixels were lost; what else it warns of (odd headers, stray bytes) costs none. */
function isHarmless({ message }: Error): boolean {
  return message.includes("extraneous bytes") || !message.includes("Corrupt JPEG data");
}

async function explain(bytes: Buffer, { message }: Error): Promise<string> {
  if (message.includes("pixel limit")) {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    const mega = (pixels: number) => `${Math.round(pixels / 1e6)} megapixels`;
    return `is ${width} × ${height} px, ${mega(width * height)}; the limit is ${mega(PIXEL_LIMIT)}.`;
  }
  if (message.includes("unsupported image format")) return UNKNOWN;
  return `is damaged or cut short: ${oneLine(message.split("\n")[0] as string)}.`;
}

/** A JPEG whose tail was overwritten, with zeros for instance, decodes without complaint; but its end marker is gone. */
function lacksJpegEnd(bytes: Buffer): boolean {
  if (bytes.readUIntBE(0, Math.min(2, bytes.length)) !== 0xffd8) return false;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) at += 2 + bytes.readUInt16BE(at + 2); // to the first scan
  return bytes[at + 1] === 0xda && !bytes.includes("\xff\xd9", at, "latin1");
}
