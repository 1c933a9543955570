import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { readThumbnails } from "../../../../src/plots/sheet/thumbnails.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("images of every kind become thumbnails: whole, upright, in the order asked for", async (t) => {
  const folder = temporaryFolder(t);
  // Twice as wide as high, left half red, right half blue; the sideways one is to be turned by its orientation.
  const half = (background: string) => ({ create: { width: 40, height: 40, channels: 3 as const, background } });
  const blue = await sharp(half("blue")).png().toBuffer();
  const wide = await sharp(half("red"))
    .extend({ right: 40 })
    .composite([{ input: blue, left: 40, top: 0 }])
    .png()
    .toBuffer();
  const sideways = await sharp(wide).rotate(270).png().toBuffer();
  const crisp = { quality: 95, chromaSubsampling: "4:4:4" };
  const kinds = {
    "a.png": sharp(wide),
    "b.webp": sharp(wide).webp({ lossless: true }),
    "c.jpg": sharp(wide).toColourspace("cmyk").jpeg(crisp),
    "d.png": sharp(wide).toColourspace("rgb16").png(),
    "e.gif": sharp(wide).gif(),
    "f.jpg": sharp(sideways).withMetadata({ orientation: 6 }).jpeg(crisp),
    "g.tiff": sharp(wide).tiff(),
    "h.avif": sharp(wide).avif({ quality: 90 }),
    "i.png": sharp(wide).ensureAlpha().png(),
  };
  for (const [name, image] of Object.entries(kinds)) await image.toFile(join(folder, name));
  await sharp(half("lime")).toFile(join(folder, "last.png"));
  const images = [...Object.keys(kinds), "last.png"];
  const thumbnails = await readThumbnails({ folder, images, side: 32 });
  assert.equal(thumbnails.length, images.length);
  const at = (pixels: Uint8Array, x: number, y: number) => [...pixels.subarray((y * 32 + x) * 3, (y * 32 + x) * 3 + 3)];
  const near = (actual: number[], expected: number[], tolerance: number, what: string) =>
    assert.ok(
      actual.every((value, i) => Math.abs(value - (expected[i] as number)) <= tolerance),
      `${what}: ${actual}`,
    );
  for (const [i, name] of Object.keys(kinds).entries()) {
    const pixels = thumbnails[i] as Uint8Array;
    const tolerance = name === "c.jpg" ? 120 : 20; // inks do not hold pure red and blue
    near(at(pixels, 6, 16), [255, 0, 0], tolerance, `${name}, left`);
    near(at(pixels, 26, 16), [0, 0, 255], tolerance, `${name}, right`);
    near(at(pixels, 16, 2), [240, 240, 240], 2, `${name}, above`);
    near(at(pixels, 16, 30), [240, 240, 240], 2, `${name}, below`);
  }
  near(at(thumbnails.at(-1) as Uint8Array, 1, 1), [0, 255, 0], 2, "last.png");
});
