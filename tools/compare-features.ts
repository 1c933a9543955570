/*
 * Holds all features of data/ against Keras's of the same images: `node --import tsx tools/compare-features.ts [FOLDER]`. The folder, by
 * default data, has images/ and bottleneck/.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { program, root } from "../scripts/setup/paths.mjs";
import { run } from "../scripts/setup/run.mjs";
import { runScript } from "../src/commands/script.ts";
import { openFeatures } from "../src/records/features/features.ts";
import { readFeatureMetadata } from "../src/records/features/read-rows.ts";
import { SPLITS } from "../src/records/format/image-folder.ts";
import { StageError } from "../src/runtime/errors.ts";
import { say } from "../src/runtime/say.ts";
import { loadWeights } from "../src/weights/find.ts";
import { writeRawFile } from "../src/weights/raw-file.ts";

await runScript("compare-features", async () => {
  const folder = resolve(process.argv[2] ?? "data");
  const features = join(folder, "bottleneck");
  const { image, backend } = await readFeatureMetadata(features);
  const temporary = mkdtempSync(join(tmpdir(), "compare-features-"));
  try {
    const weights = join(temporary, "weights.f32");
    await writeRawFile(weights, await loadWeights("vgg16"));
    const { size, preprocess, resize } = image;
    const script = join(root, "tools", "bench", "original.py");
    const out = join(temporary, "keras");
    await run(program("python"), [script, "extract", join(folder, "images"), weights, String(size), out, preprocess]);
    let [rows, largest, worst] = [0, 0, 0];
    for (const split of SPLITS) {
      const reader = await openFeatures(features, split);
      const keras = readNpy(`${out}_${split}.npy`);
      const names: string[] = JSON.parse(readFileSync(`${out}_${split}.json`, "utf8"));
      const ours = new Float32Array(reader.rowLength);
      for (const [row, image] of reader.images.entries()) {
        reader.read([row], ours);
        const start = names.indexOf(image) * reader.rowLength;
        if (start < 0) throw new StageError(`Keras has no features of ${image}.`);
        for (const [i, value] of ours.entries()) {
          const expected = keras[start + i] as number;
          largest = Math.max(largest, expected);
          worst = Math.max(worst, Math.abs(value - expected));
        }
      }
      rows += reader.images.length;
      await reader.close();
    }
    say(
      `${rows} images, ${size} px, ${resize}, ${preprocess}, computed by ${backend}: they differ from Keras's by at most ${(worst / largest).toExponential(1)} of the largest feature`,
    );
    return worst / largest < 1e-5 ? 0 : 1;
  } finally {
    rmSync(temporary, { recursive: true });
  }
});

/** The float32 values of a .npy file. */
function readNpy(file: string): Float32Array {
  const bytes = readFileSync(file);
  const start = 10 + bytes.readUInt16LE(8);
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset + start, bytes.byteOffset + bytes.length));
}
