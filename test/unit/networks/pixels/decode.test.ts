import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { decodeImage } from "../../../../src/networks/pixels/decode.ts";
import type { ImageParams } from "../../../../src/records/features/image-params.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** A picture with the left half red and the right half blue, a little wider than high. */
const halves = () => {
  const pixels = Buffer.alloc(40 * 32 * 3);
  for (let i = 0; i < 40 * 32; i++) pixels[i * 3 + (i % 40 < 20 ? 0 : 2)] = 255;
  return sharp(pixels, { raw: { width: 40, height: 32, channels: 3 } });
};

/** The colours at the centres of the left and the right half. */
async function colours(file: string, resize: ImageParams["resize"] = "nearest"): Promise<number[][]> {
  const pixels = await decodeImage(file, { size: 32, resize });
  assert.equal(pixels.length, 32 * 32 * 3);
  return [8, 24].map((column) => [...pixels.subarray((16 * 32 + column) * 3, (16 * 32 + column) * 3 + 3)]);
}

const near = (actual: number[][], expected: number[][], tolerance: number, what: string) =>
  assert.ok(
    actual.flat().every((value, i) => Math.abs(value - (expected.flat()[i] as number)) <= tolerance),
    `${what}: ${JSON.stringify(actual)}`,
  );

const RED_BLUE = [
  [255, 0, 0],
  [0, 0, 255],
];

test("every kind of picture becomes 8-bit RGB", async (t) => {
  const folder = temporaryFolder(t);
  const file = (name: string) => join(folder, name);
  await halves().png().toFile(file("plain.png"));
  await halves().ensureAlpha(0.2).png().toFile(file("alpha.png"));
  await halves().toColourspace("rgb16").png().toFile(file("deep.png"));
  await halves().jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toFile(file("plain.jpg"));
  await halves().webp({ lossless: true }).toFile(file("plain.webp"));
  await halves().gif().toFile(file("plain.gif"));
  for (const name of ["plain.png", "alpha.png", "deep.png", "plain.jpg", "plain.webp", "plain.gif"])
    near(await colours(file(name)), RED_BLUE, 4, name);

  await halves().toColourspace("cmyk").jpeg({ quality: 95 }).toFile(file("cmyk.jpg"));
  assert.equal((await sharp(file("cmyk.jpg")).metadata()).space, "cmyk");
  near(await colours(file("cmyk.jpg")), RED_BLUE, 120, "CMYK"); // inks do not hold pure red and blue

  await halves().toColourspace("b-w").png().toFile(file("grey.png"));
  assert.equal((await sharp(file("grey.png")).metadata()).channels, 1);
  for (const [r, g, b] of await colours(file("grey.png"))) assert.ok(r === g && g === b && (r as number) > 0);
});

test("a photograph that lies on its side is turned upright", async (t) => {
  const file = join(temporaryFolder(t), "rotated.jpg");
  const sideways = await halves().rotate(270).png().toBuffer();
  await sharp(sideways).withMetadata({ orientation: 6 }).jpeg({ quality: 95, chromaSubsampling: "4:4:4" }).toFile(file);
  near(await colours(file), RED_BLUE, 4, "orientation 6");
});

test("bilinear, bicubic and lanczos3 blend neighbours where nearest picks one", async (t) => {
  const file = join(temporaryFolder(t), "noise.png");
  const noise = Buffer.from(Array.from({ length: 320 * 256 * 3 }, (_, i) => ((i * 7919) % 13) * 19));
  await sharp(noise, { raw: { width: 320, height: 256, channels: 3 } })
    .png()
    .toFile(file);
  const spread = async (resize: ImageParams["resize"]) => {
    const pixels = await decodeImage(file, { size: 32, resize });
    const mean = pixels.reduce((a, b) => a + b, 0) / pixels.length;
    return Math.sqrt(pixels.reduce((sum, value) => sum + (value - mean) ** 2, 0) / pixels.length);
  };
  const nearest = await spread("nearest");
  for (const filter of ["bilinear", "bicubic", "lanczos3"] as const) {
    const blended = await spread(filter);
    assert.ok(blended < nearest / 4, `${filter}: ${blended}, nearest: ${nearest}`);
  }
});

test("what is no picture, or half of one, is refused by name", async (t) => {
  const folder = temporaryFolder(t);
  const refuse = async (name: string, content: Buffer | string) => {
    writeFileSync(join(folder, name), content);
    await assert.rejects(decodeImage(join(folder, name), { size: 32, resize: "nearest" }), (error: Error) => {
      assert.equal(error.name, "StageError");
      assert.ok(error.message.startsWith(`${join(folder, name)}: cannot be decoded: `), error.message);
      return true;
    });
  };
  const noise = Buffer.from(Array.from({ length: 200 * 200 * 3 }, (_, i) => (i * 7919) % 251));
  const jpeg = await sharp(noise, { raw: { width: 200, height: 200, channels: 3 } })
    .jpeg()
    .toBuffer();
  await refuse("empty.jpg", "");
  await refuse("text.jpg", "this is not a picture");
  await refuse("truncated.jpg", jpeg.subarray(0, jpeg.length / 2));
});
