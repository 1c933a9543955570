import sharp from "sharp";
import { decodeFile, type FailOn } from "../networks/pixels/files/decode-file.ts";
import { kindOf } from "../networks/pixels/files/kind.ts";
import { sizeFault } from "../networks/pixels/files/size.ts";
import { PIXEL_LIMIT } from "../records/format/image-folder.ts";
import { StageError, throwSystemError } from "../runtime/errors.ts";
import { oneLine } from "../runtime/printable.mjs";

/**
 * Decodes an image to its last pixel.
 * @param name what to call the file in messages.
 * @throws StageError when it is no image, is damaged or cut short, or is larger than {@link PIXEL_LIMIT}.
 */
export async function checkImage(bytes: Buffer, name: string): Promise<void> {
  const hint = "Remove or replace the file.";
  if (bytes.length === 0) throw new StageError(`${name}: is empty (0 bytes).`, { hint });
  const found = kindOf(bytes);
  if ("fault" in found) throw new StageError(`${name}: ${found.fault}.`, { hint });
  if (lacksJpegEnd(bytes))
    throw new StageError(`${name}: is damaged or cut short: the JPEG end marker is missing.`, { hint });
  try {
    await decode(bytes, "warning");
  } catch (cause) {
    throwSystemError(cause);
    if (isHarmless(cause as Error) && (await decode(bytes, "error").catch(() => false))) return;
    throw new StageError(`${name}: ${await explain(bytes, cause as Error)}`, { hint, cause });
  }
}

async function decode(bytes: Buffer, failOn: FailOn): Promise<true> {
  // Several images at a time, one thread each: libvips's own threads gain nothing on photographs of this size.
  sharp.concurrency(1);
  await decodeFile(bytes, failOn);
  return true;
}

/** libjpeg says "Corrupt JPEG data" when pixels were lost; what else it warns of (odd headers, stray bytes) costs none. */
function isHarmless({ message }: Error): boolean {
  return message.includes("extraneous bytes") || !message.includes("Corrupt JPEG data");
}

async function explain(bytes: Buffer, { message }: Error): Promise<string> {
  if (message.includes("pixel limit")) {
    const { width, height } = await sharp(bytes, { limitInputPixels: false }).metadata();
    return `${sizeFault(width, height)}.`;
  }
  if (/^(is|has) /.test(message)) return `${message}.`;
  if (/not (supported|configured)/.test(message))
    return `cannot be read: ${oneLine(message.split("\n")[0] as string)}.`;
  return `is damaged or cut short: ${oneLine(message.split("\n")[0] as string)}.`;
}

/** A JPEG whose tail was overwritten, with zeros for instance, decodes without complaint; but its end marker is gone. */
function lacksJpegEnd(bytes: Buffer): boolean {
  if (bytes.readUIntBE(0, Math.min(2, bytes.length)) !== 0xffd8) return false;
  let at = 2;
  while (at + 4 <= bytes.length && bytes[at] === 0xff && bytes[at + 1] !== 0xda) at += 2 + bytes.readUInt16BE(at + 2); // to the first scan
  return bytes[at + 1] === 0xda && !bytes.includes("\xff\xd9", at, "latin1");
}
