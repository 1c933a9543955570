import { open, readFile } from "node:fs/promises";
import { assembleVgg16, checkLength, VGG16_BYTES, type Vgg16Weights } from "../networks/vgg16/weights.ts";
import { writeWhole } from "../runtime/atomic-write.ts";

/**
 * Our own format: the 26 tensors of vgg16-digests.json in its order, nothing between them, little-endian float32, kernels HWIO.
 * @throws StageError when the length or a tensor is wrong.
 */
export async function readRawFile(file: string, origin: string): Promise<Vgg16Weights> {
  const { buffer, byteOffset, byteLength } = await readFile(file);
  checkLength(file, byteLength, VGG16_BYTES);
  let offset = byteOffset;
  return assembleVgg16(file, origin, ({ length }) => {
    const values = new Float32Array(buffer, offset, length);
    offset += values.byteLength;
    return values;
  });
}

/** Writes what {@link readRawFile} reads. */
export async function writeRawFile(file: string, weights: Vgg16Weights): Promise<void> {
  await writeWhole(file, async (partial) => {
    const handle = await open(partial, "wx");
    try {
      const tensors = weights.layers.flatMap(({ filter, bias }) => [filter, bias]);
      for (const { buffer, byteOffset, byteLength } of tensors)
        await handle.appendFile(new Uint8Array(buffer, byteOffset, byteLength));
    } finally {
      await handle.close();
    }
  });
}
