import assert from "node:assert/strict";
import { test } from "node:test";
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

test("everything else is refused by name", async () => {
  const jpeg = await noise(200);
  const half = jpeg.length >> 1;
  const png = await image(1).png().toBuffer();
  const wounded = Buffer.from(jpeg);
  wounded.fill(0x7f, half, half + 400).fill(0xff, half + 400, half + 402);
  const zeros = Buffer.from(jpeg).fill(0, half);
  const bmp = Buffer.from(
    "BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\x02\0\0\0\x01\0\x18\0".padEnd(70, "\0"),
    "latin1",
  );
  const damaged = /^x\.jpg: is damaged or cut short: .+\.$/;
  const cases: [string, Buffer, RegExp][] = [
    ["empty", Buffer.alloc(0), /^x\.jpg: is empty \(0 bytes\)\.$/],
    ["text", Buffer.from("this is no image"), /^x\.jpg: is not an image of a kind that can be read/],
    ["one byte", Buffer.from([0xff]), /^x\.jpg: is not an image/],
    ["BMP", bmp, /^x\.jpg: is not an image of a kind that can be read/],
    ["web page", Buffer.from("\n<!DOCTYPE html><title>404</title>"), /^x\.jpg: is a text \(HTML, XML or SVG\)/],
    ["SVG", Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'), /^x\.jpg: is a text/],
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
