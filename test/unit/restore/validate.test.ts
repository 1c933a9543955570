import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import sharp from "sharp";
import { checkImage } from "../../../src/restore/validate.ts";
import { image, noise } from "../../support/image-fixtures.ts";

const colour = {
  create: { width: 40, height: 30, channels: 4, background: { r: 9, g: 99, b: 200, alpha: 0.5 } },
} as const;

test("images of every common kind pass", async () => {
  const kinds: Record<string, Promise<Buffer>> = {
    jpeg: image(1).jpeg().toBuffer(),
    "progressive jpeg": image(1).jpeg({ progressive: true }).toBuffer(),
    "CMYK jpeg": image(1).toColourspace("cmyk").jpeg().toBuffer(),
    "grey jpeg": image(1).greyscale().jpeg().toBuffer(),
    "turned jpeg": image(1).withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    "16-bit png": image(1).toColourspace("rgb16").png().toBuffer(),
    "grey 16-bit png": image(1).toColourspace("grey16").png().toBuffer(),
    "png with alpha": sharp(colour).png().toBuffer(),
    "png with a palette": image(1).png({ palette: true }).toBuffer(),
    webp: image(1).webp().toBuffer(),
    gif: image(1).gif().toBuffer(),
    tiff: image(1).tiff().toBuffer(),
    avif: image(1).avif({ effort: 0 }).toBuffer(),
    bmp: Promise.resolve(bmp()),
    "grey tiff": Promise.resolve(tiff()),
  };
  for (const [kind, bytes] of Object.entries(kinds)) await assert.doesNotReject(checkImage(await bytes, kind), kind);
});

test("what follows the end of a JPEG, and stray bytes before it, cost no pixels: they pass", async () => {
  const jpeg = await noise(64);
  await checkImage(Buffer.concat([jpeg, Buffer.alloc(500)]), "padded");
  await checkImage(Buffer.concat([jpeg.subarray(0, -2), Buffer.alloc(300, 7), jpeg.subarray(-2)]), "stray");
});

test("an odd header, as some telephones write it, costs no pixels: it passes", async () => {
  const jpeg = await noise(64);
  const scan = jpeg.indexOf("\xff\xda", 0, "latin1");
  jpeg[scan + 2 + jpeg.readUInt16BE(scan + 2) - 2] = 0; // end of spectral selection; 63 is right
  await assert.rejects(sharp(jpeg, { failOn: "warning" }).raw().toBuffer(), /Invalid SOS parameters/);
  await checkImage(jpeg, "odd");
});

/** 2 × 2 px of 24 bits. */
const bmp = () =>
  Buffer.from("BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\x02\0\0\0\x01\0\x18\0".padEnd(70, "\0"), "latin1");

/** A TIFF of 4 × 4 grey pixels, with another value in one tag. */
function tiff(tag = 256, value = 4): Buffer {
  const tags = new Map([
    ...[
      [256, 4],
      [257, 4],
      [258, 8],
      [259, 1],
      [262, 1],
      [273, 200],
      [277, 1],
      [278, 4],
      [279, 16],
      [339, 1],
    ],
    [tag, value],
  ] as [number, number][]);
  const bytes = Buffer.alloc(500, 128);
  bytes.write("II*\0\x08\0\0\0", "latin1");
  let at = bytes.writeUInt16LE(tags.size, 8);
  for (const [key, content] of tags) {
    for (const part of [key, 3, 1, 0, content, 0]) at = bytes.writeUInt16LE(part, at); // one SHORT
  }
  bytes.writeUInt32LE(0, at);
  return bytes;
}

const svg = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
const brand = (...names: string[]) => {
  const box = Buffer.from(`\0\0\0\0ftyp${names[0]}\0\0\0\0${names.slice(1).join("")}`, "latin1");
  box.writeUInt32BE(box.length);
  return Buffer.concat([box, Buffer.alloc(64)]);
};

test("what would come out as something else is refused by what it is, whatever its name", async () => {
  const jpeg = await noise(64);
  const frame = (marker: number, bits = 8) => {
    const bytes = Buffer.from(jpeg);
    const at = bytes.indexOf(Buffer.from([0xff, 0xc0]));
    bytes[at + 1] = marker;
    bytes[at + 4] = bits;
    return bytes;
  };
  const dark = await sharp(new Uint16Array(40 * 30).fill(4095), { raw: { width: 40, height: 30, channels: 1 } })
    .toColourspace("grey16")
    .png()
    .toBuffer();
  const cases: [string, Buffer, string][] = [
    ["signed TIFF", tiff(339, 2), "is a TIFF of signed samples, which cannot be read."],
    ["float TIFF", tiff(339, 3), "is a TIFF of floating-point samples, which cannot be read."],
    ["32-bit TIFF", tiff(258, 32), "is a TIFF of 32 bits a sample, which cannot be read."],
    ["12-bit TIFF", tiff(258, 12), "is a TIFF of 12 bits a sample, which cannot be read."],
    ["Lab TIFF", tiff(262, 8), "is a TIFF in CIE Lab, which cannot be read."],
    ["YCbCr TIFF", tiff(262, 6), "is a TIFF of Y, Cb, Cr with fewer samples of colour, which cannot be read."],
    [
      "12 bits in 16",
      dark,
      "has samples of 16 bits, of which the brightest is 4095 of 65535: it would be all but black.",
    ],
    ["12-bit JPEG", frame(0xc1, 12), "is a JPEG of 12 bits a sample, which cannot be read."],
    ["JPEG-LS", frame(0xf7), "is a JPEG of the kind JPEG-LS, which cannot be read."],
    ["lossless JPEG", frame(0xc3), "is a JPEG without loss (SOF3), which cannot be read."],
    ["HEIC", brand("heic", "mif1", "heic"), "is HEIC, which cannot be read."],
    ["HEIC", brand("mif1", "mif1", "heic"), "is HEIC, which cannot be read."],
    ["HEIF", brand("mif1", "mif1"), "is HEIF, which cannot be read."],
    ["video", brand("isom", "mp41"), "is a video (MP4 or QuickTime), which cannot be read."],
    ["JPEG XL", Buffer.from("ff0a0000", "hex"), "is JPEG XL, which cannot be read."],
    ["JPEG 2000", Buffer.from("0000000c6a5020200d0a870a", "hex"), "is JPEG 2000, which cannot be read."],
    ["SVG, packed", gzipSync(svg), "is packed with gzip, which cannot be read."],
    ["SVG behind a mark", Buffer.from(`\ufeff \n${svg}`), "is a text (HTML, XML or SVG), not an image."],
    ["SVG of UTF-16", Buffer.from(`\ufeff\n${svg}`, "utf16le"), "is a text (HTML, XML or SVG), not an image."],
    ["SVG behind blanks", Buffer.from(" ".repeat(300) + svg), "is not an image of a kind"],
  ];
  for (const [what, bytes, message] of cases)
    await assert.rejects(checkImage(bytes, "x.jpg"), (error: Error) => {
      assert.equal(error.name, "StageError", what);
      assert.ok(error.message.startsWith(`x.jpg: ${message}`), `${what}: ${error.message}`);
      return true;
    });
});

test("everything else is refused by name", async () => {
  const jpeg = await noise(200);
  const half = jpeg.length >> 1;
  const png = await image(1).png().toBuffer();
  const wounded = Buffer.from(jpeg);
  wounded.fill(0x7f, half, half + 400).fill(0xff, half + 400, half + 402);
  const zeros = Buffer.from(jpeg).fill(0, half);
  const damaged = /^x\.jpg: is damaged or cut short: .+\.$/;
  const cases: [string, Buffer, RegExp][] = [
    ["empty", Buffer.alloc(0), /^x\.jpg: is empty \(0 bytes\)\.$/],
    ["text", Buffer.from("this is no image"), /^x\.jpg: is not an image of a kind that can be read/],
    ["one byte", Buffer.from([0xff]), /^x\.jpg: is not an image/],
    [
      "BMP without its last byte",
      bmp().subarray(0, -1),
      /^x\.jpg: is damaged or cut short: the pixels are cut short\.$/,
    ],
    ["web page", Buffer.from("\n<!DOCTYPE html><title>404</title>"), /^x\.jpg: is a text \(HTML, XML or SVG\)/],
    ["SVG", Buffer.from(svg), /^x\.jpg: is a text/],
    ["JPEG header", jpeg.subarray(0, 100), damaged],
    ["half a JPEG", jpeg.subarray(0, half), damaged],
    ["JPEG without its last 20 bytes", jpeg.subarray(0, -20), damaged],
    ["JPEG without its end marker", jpeg.subarray(0, -2), damaged],
    ["JPEG that ends in zeros", zeros, damaged],
    ["JPEG with a hole", wounded, damaged],
    ["half a progressive JPEG", (await image(1).jpeg({ progressive: true }).toBuffer()).subarray(0, -30), damaged],
    ["half a PNG", png.subarray(0, png.length >> 1), damaged],
    ["PNG with a wrong bit", Buffer.from(png).fill(1, png.length - 30, png.length - 29), damaged],
  ];
  for (const [what, bytes, message] of cases) {
    await assert.rejects(checkImage(bytes, "x.jpg"), { name: "StageError", message }, what);
  }
});

test("30,000 × 30,000 px: the header is enough to refuse it, with size and limit", async () => {
  const png = await image(1).png().toBuffer();
  png.writeUInt32BE(30_000, 16);
  png.writeUInt32BE(30_000, 20);
  png.writeUInt32BE(crc32(png.subarray(12, 29)), 29);
  await assert.rejects(checkImage(png, "x.png"), {
    name: "StageError",
    message: "x.png: is 30000 × 30000 px, 900 megapixels; the limit is 100 megapixels.",
  });
});

/** The checksum of PNG chunks, https://www.w3.org/TR/png/#D-CRCAppendix; `zlib.crc32` came with Node 20.15. */
function crc32(bytes: Buffer): number {
  let crc = ~0;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}
