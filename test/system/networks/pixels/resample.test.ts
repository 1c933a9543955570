import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { type FilterName, resample } from "../../../../src/networks/pixels/resample.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** What Pillow makes of [filter, width, height, size], one after the other. */
const script = `
import json, numpy, sys
import PIL
from PIL import Image
filters = dict(bilinear=Image.BILINEAR, bicubic=Image.BICUBIC, lanczos3=Image.LANCZOS)
pixels = numpy.fromfile(sys.argv[1], "uint8")
with open(sys.argv[2], "wb") as out:
    for name, width, height, size in json.load(open(sys.argv[3])):
        picture = Image.fromarray(pixels[: width * height * 3].reshape(height, width, 3))
        columns_first = height > size and height - size > (width - size) * 2
        if columns_first and int(PIL.__version__.split(".")[0]) < 13: # Python 3.10 has no Pillow 13
            picture = picture.resize((width, size), filters[name])
        out.write(numpy.asarray(picture.resize((size, size), filters[name])).tobytes())`;

const filters = ["bilinear", "bicubic", "lanczos3"] as const;

test("each filter is Pillow's, bit for bit: enlarging, shrinking, both, neither, random sizes", (t) => {
  const folder = temporaryFolder(t);
  const side = fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 700 }));
  const random = fc.sample(fc.tuple(fc.constantFrom(...filters), side, side, fc.integer({ min: 1, max: 300 })), 400);
  const chosen: (readonly [FilterName, number, number, number])[] = filters.flatMap((filter) =>
    [
      [1, 1],
      [1, 700],
      [64, 40],
      [149, 150],
      [150, 149],
      [150, 150],
      [151, 300],
      [600, 450],
      [700, 3],
    ].flatMap(([width, height]) =>
      [32, 64, 150, 224].map((size) => [filter, width as number, height as number, size] as const),
    ),
  );
  const sizes = [...chosen, ...random];
  // Extremes side by side, so that negative weights overshoot, and noise.
  const pixels = Buffer.alloc(700 * 700 * 3, 0).map((_, i) =>
    i % 5 < 2 ? ((i * 7919) >> 3) % 256 : (i >> 4) % 2 ? 255 : 0,
  );
  const file = (name: string) => join(folder, name);
  writeFileSync(file("pixels"), pixels);
  writeFileSync(file("sizes"), JSON.stringify(sizes));
  execFileSync(".venv/bin/python", ["-c", script, file("pixels"), file("resized"), file("sizes")]);
  const theirs = readFileSync(file("resized"));
  let at = 0;
  for (const [filter, width, height, size] of sizes) {
    const ours = resample(pixels.subarray(0, width * height * 3), width, height, size, filter);
    const expected = theirs.subarray(at, at + ours.length);
    at += size * size * 3;
    assert.equal(Buffer.compare(ours, expected), 0, `${filter}, ${width} × ${height} → ${size}`);
  }
  assert.equal(at, theirs.length);
});
