import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { contactSheet, trainingPicture } from "../../../src/public/plots.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Makes images in a process of its own: what makes them clashes with what draws. */
async function images(folder: string): Promise<void> {
  const program = `import { write } from "./test/support/image-fixtures.ts"; await write(${JSON.stringify(folder)}, { "a.jpg": 1, "b.png": "none" });`;
  await promisify(execFile)(process.execPath, ["--import", "tsx", "--input-type=module", "--eval", program]);
}

/** Width and height of a JPEG: those of its frame (SOF0 or SOF2). */
function sizeOf(jpeg: Buffer): [number, number] {
  for (let at = 2; at < jpeg.length; at += 2 + jpeg.readUInt16BE(at + 2))
    if ([0xc0, 0xc2].includes(jpeg[at + 1] as number)) return [jpeg.readUInt16BE(at + 7), jpeg.readUInt16BE(at + 5)];
  throw new Error("no frame");
}

test("a contact sheet shows images with their labels, a caption alone, or that there is nothing", async (t) => {
  const folder = temporaryFolder(t);
  await images(folder);
  const tile = { file: join(folder, "a.jpg"), label: "dogs" };
  const draw = (images: object[], empty?: string) =>
    contactSheet({
      title: "T",
      groups: [{ heading: "H", images: images as never }],
      ...(empty !== undefined && { empty }),
    });
  const [plain, swapped, noted, none, said] = [
    await draw([tile]),
    await draw([{ ...tile, trueLabel: "cats" }]),
    await draw([{ ...tile, note: "97 %" }]),
    await draw([]),
    await draw([], "All is well."),
  ];
  assert.deepEqual(sizeOf(plain), sizeOf(swapped));
  assert.equal(sizeOf(plain)[0], 2000);
  assert.ok(sizeOf(none)[1] < sizeOf(plain)[1]);
  assert.equal(new Set([plain, swapped, noted, none, said].map((jpeg) => jpeg.toString("base64"))).size, 5);
  assert.ok((await draw([tile])).equals(plain));
  await assert.rejects(draw([{ ...tile, file: join(folder, "b.png") }]), {
    ...{ name: "StageError", hint: undefined, message: /b\.png: cannot be drawn/ },
  });
});

test("a training picture holds the texts, and rings the first of the best epochs", async () => {
  const epoch = (epoch: number, val_accuracy: number) => ({
    epoch,
    loss: 0.5,
    accuracy: 0.8,
    val_loss: null,
    val_accuracy,
  });
  const history = [epoch(1, 0.5), epoch(2, 0.9), epoch(3, 0.9)];
  const picture = await trainingPicture(history, { title: "Reviews <1>", subtitle: "bag of words" });
  assert.deepEqual([picture.width, picture.height], [3000, 1275]);
  const svg = await picture.svg();
  for (const text of ["Reviews &lt;1&gt;", "bag of words", "validation not a number", "validation 90.0 %"])
    assert.ok(svg.includes(text), text);
  assert.equal(picture.jpeg().readUInt16BE(0), 0xffd8);
  const rings = [...svg.matchAll(/<path aria-label="(epoch: \d+)[^>]*stroke-width="1\.5"/g)].map(([, at]) => at);
  assert.deepEqual(rings, ["epoch: 2"]);
  await assert.rejects(trainingPicture([], { title: "" }), { name: "StageError", message: /has no epoch/ });
});
