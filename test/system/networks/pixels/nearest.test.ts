import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { resizeNearest } from "../../../../src/networks/pixels/nearest.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("nearest neighbour is Pillow's, pixel for pixel, for any size", (t) => {
  const folder = temporaryFolder(t);
  const script = `
import sys, numpy
from PIL import Image
pixels = numpy.fromfile(sys.argv[1], "uint8")
with open(sys.argv[2], "wb") as out:
    for width, height, size in eval(sys.argv[3]):
        picture = Image.fromarray(pixels[: width * height * 3].reshape(height, width, 3))
        out.write(numpy.asarray(picture.resize((size, size), Image.NEAREST)).tobytes())`;
  const sizes = [1, 2, 7, 31, 149, 150, 151, 299, 300, 333, 500].flatMap((width) =>
    [32, 75, 150, 224].map((size) => [width, (width * 2) % 397 || 1, size] as const),
  );
  const pixels = Buffer.from(Array.from({ length: 500 * 500 * 3 }, (_, i) => (i * 7919) % 251));
  writeFileSync(join(folder, "pixels"), pixels);
  execFileSync(".venv/bin/python", [
    "-c",
    script,
    join(folder, "pixels"),
    join(folder, "resized"),
    JSON.stringify(sizes),
  ]);
  const ours = Buffer.concat(sizes.map(([width, height, size]) => resizeNearest(pixels, width, height, size)));
  const theirs = execFileSync("cat", [join(folder, "resized")], { maxBuffer: 2 ** 30 });
  assert.equal(ours.length, theirs.length);
  assert.ok(ours.equals(theirs));
});
