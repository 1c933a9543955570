import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { decodeFile } from "../../../../src/networks/pixels/files/decode-file.ts";
import { checkImage } from "../../../../src/restore/validate.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** Writes images of every kind into a folder, and beside each what Keras's `load_img` makes of it: NAME.rgb. */
const script = `
import struct, sys, warnings
import keras, numpy
from PIL import Image

folder = sys.argv[1]
photo = Image.open("test/golden/cat.4362.jpg").convert("RGB").resize((61, 47))
grey = photo.convert("L")
few = photo.quantize(16)
path = lambda name: f"{folder}/{name}"

for mode in ["1", "L", "P", "RGB", "RGBA"]:
    photo.convert(mode).save(path(f"{mode}.bmp"))
for mode in ["1", "L", "LA", "P", "RGB", "RGBA"]:
    photo.convert(mode).save(path(f"{mode}.png"))
for mode in ["1", "L", "P", "RGB", "RGBA", "YCbCr"]:
    photo.convert(mode).save(path(f"{mode}.tif"), compression="tiff_lzw")
photo.save(path("jpeg.tif"), compression="jpeg")
grey.save(path("grey.jpg"))
photo.save(path("progressive.jpg"), progressive=True, quality=70)
photo.save(path("lossy.webp"))
faint = photo.copy()
faint.putalpha(grey)
faint.save(path("faint.webp"), lossless=True, exact=True)
faint.save(path("faint.png"))
few.save(path("plain.gif"))
few.save(path("transparent.gif"), transparency=3)
few.save(path("transparent.png"), transparency=3)
few.save(path("graded.png"), transparency=bytes(range(0, 256, 16)))
photo.save(path("keyed.png"), transparency=photo.getpixel((5, 5)))

def part(name, flags):
    # A canvas of 9 x 8 whose image of 2 x 1 lies at 3, 4; flags 1: the second of its four colours is transparent.
    colours = bytes([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120])
    body = bytes([2, 2, 0b01001100 & 0xff, 0b00001010, 0])
    control = bytes([0x21, 0xf9, 4, flags, 0, 0, 1, 0])
    open(path(name), "wb").write(b"GIF89a" + struct.pack("<HHBBB", 9, 8, 0x81, 0, 0) + colours + control
        + b"," + struct.pack("<HHHHB", 3, 4, 2, 1, 0) + body + b";")
part("part.gif", 0)
part("transparent-part.gif", 1)

def bmp(name, bits, rows, compression=0, height=8, palette=b"", masks=b""):
    offset = 54 + len(masks) + len(palette)
    header = struct.pack("<IiiHHIIiiII", 40, 7, height, 1, bits, compression, len(rows), 0, 0, len(palette) // 4, 0)
    open(path(name), "wb").write(b"BM" + struct.pack("<IHHI", offset + len(rows), 0, 0, offset) + header + masks + palette + rows)
random = numpy.random.default_rng(1)
noise = lambda count: random.integers(0, 256, count, "uint8").tobytes()
words = lambda *masks: struct.pack("<III", *masks)
bmp("down.bmp", 24, noise(24 * 8), height=-8)
bmp("up.bmp", 24, noise(24 * 8))
bmp("4.bmp", 4, noise(4 * 8), palette=noise(64))
bmp("8-of-100.bmp", 8, noise(8 * 8), palette=noise(400))
bmp("555.bmp", 16, noise(16 * 8))
bmp("565.bmp", 16, noise(16 * 8), 3, masks=words(0xf800, 0x7e0, 0x1f))
bmp("xbgr.bmp", 32, noise(28 * 8), 3, masks=words(0xff000000, 0xff0000, 0xff00))
bmp("zero-masks.bmp", 32, noise(28 * 8), 3, masks=words(0, 0, 0))
full = b"".join(bytes([4, c, 0, 3, c + 1, c + 2, c + 3, 0, 0, 0]) for c in range(7)) + b"\\x02\\x09\\x00\\x02\\x02\\x00\\x03\\x08\\x00\\x01"
bmp("rle8.bmp", 8, full, 1, palette=noise(64))
bmp("rle8-over.bmp", 8, b"".join(bytes([9, c, 0, 0]) for c in range(8)) + b"\\0\\1", 1, palette=noise(64))
bmp("rle8-down.bmp", 8, full, 1, height=-8, palette=noise(64))
bmp("rle4.bmp", 4, b"".join(bytes([3, c * 16 + 5, 0, 4, c * 16 + 1, 0x23, 0, 0]) for c in range(8)) + b"\\0\\1", 2, palette=noise(64))

warnings.simplefilter("ignore")
import glob
for file in glob.glob(path("*")):
    open(file + ".rgb", "wb").write(keras.utils.img_to_array(keras.utils.load_img(file), dtype="uint8").tobytes())
`;

test("pixels of every kind of image are those of Keras's load_img, to the bit, and restore takes them", async (t) => {
  const folder = temporaryFolder(t);
  execFileSync(".venv/bin/python", ["-c", script, folder], { stdio: ["ignore", "ignore", "inherit"] });
  const names = readdirSync(folder).filter((name) => !name.endsWith(".rgb"));
  assert.ok(names.length >= 40, `${names.length}`);
  for (const name of names) {
    const bytes = readFileSync(join(folder, name));
    await checkImage(bytes, name);
    const { pixels } = await decodeFile(bytes);
    const theirs = readFileSync(join(folder, `${name}.rgb`));
    assert.equal(pixels.length, theirs.length, name);
    assert.equal(Buffer.compare(pixels, theirs), 0, name);
  }
});
