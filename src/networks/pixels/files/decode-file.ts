import sharp, { type Sharp } from "sharp";
import { PIXEL_LIMIT } from "../../../records/format/image-folder.ts";
import { decodeBmp, type Pixels } from "./bmp.ts";
import { opaqueGif } from "./gif.ts";
import { type Kind, kindOf } from "./kind.ts";
import { isYcc } from "./tiff.ts";
import { yccToRgb } from "./ycc.ts";

/** The largest image file that is read, in bytes. */
export const FILE_LIMIT = 500_000_000;

/** What stops a decoder: damage, or also what it only warns of. */
export type FailOn = "error" | "warning";

/**
 * Opens an image of any kind for sharp.
 * @throws Error saying why it cannot be read.
 */
export function openImage(bytes: Buffer): Sharp {
  if (readableKind(bytes) !== "BMP") return open(bytes, "error");
  const { pixels, width, height } = decodeBmp(bytes);
  return sharp(pixels, { raw: { width, height, channels: 3 } });
}

/**
 * Decodes an image to 8-bit RGB as Pillow's `convert("RGB")` does: alpha is dropped, and the colour below it shows. Unlike Pillow it turns
 * photographs upright by their EXIF orientation, scales grey of 16 bits, and takes CMYK through a profile.
 * @throws Error saying why it cannot be decoded.
 */
export async function decodeFile(bytes: Buffer, failOn: FailOn = "error"): Promise<Pixels> {
  const kind = readableKind(bytes);
  if (kind === "BMP") return decodeBmp(bytes);
  if (kind === "GIF") return await decodeGif(bytes, failOn);
  const { data, info } = await rgb(open(bytes, failOn)).toBuffer({ resolveWithObject: true });
  if (kind === "TIFF" && isYcc(bytes)) yccToRgb(data);
  if (data.every((value) => value < 16)) await refuseTwelveBits(bytes);
  return { pixels: data, width: info.width, height: info.height };
}

function readableKind(bytes: Buffer): Kind {
  const found = kindOf(bytes);
  if ("fault" in found) throw new Error(found.fault);
  return found.kind;
}

/** Pillow ignores embedded colour profiles; for equal pixels so do we. */
const open = (bytes: Buffer, failOn: FailOn): Sharp =>
  sharp(bytes, { failOn, limitInputPixels: PIXEL_LIMIT, ignoreIcc: true, sequentialRead: true });

const rgb = (image: Sharp): Sharp => image.autoOrient().toColourspace("srgb").removeAlpha().raw({ depth: "uchar" });

async function decodeGif(bytes: Buffer, failOn: FailOn): Promise<Pixels> {
  const gif = opaqueGif(bytes);
  const { data: pixels, info } = await rgb(open(gif.bytes, failOn)).toBuffer({ resolveWithObject: true });
  const { width, height } = info;
  const isBeside = (x: number, y: number) =>
    x < gif.left || x >= gif.left + gif.width || y < gif.top || y >= gif.top + gif.height;
  if (isBeside(0, 0) || isBeside(width - 1, height - 1))
    for (let y = 0, at = 0; y < height; y++)
      for (let x = 0; x < width; x++, at += 3) if (isBeside(x, y)) pixels.set(gif.beside, at);
  return { pixels, width, height };
}

/** Cameras store 12 bits in 16 without a word; as 16 bits all of them are black. @throws Error when the image is one of these. */
async function refuseTwelveBits(bytes: Buffer): Promise<void> {
  const { depth } = await sharp(bytes).metadata();
  if (depth !== "ushort") return;
  const data = await open(bytes, "error").toColourspace("rgb16").removeAlpha().raw({ depth: "ushort" }).toBuffer();
  const brightest = new Uint16Array(data.buffer, data.byteOffset, data.length / 2).reduce((a, b) => Math.max(a, b), 0);
  if (brightest === 0) return;
  throw new Error(`has samples of 16 bits, of which the brightest is ${brightest} of 65535: it would be all but black`);
}
