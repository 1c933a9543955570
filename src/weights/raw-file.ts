import { open, readFile, stat } from "node:fs/promises";
import { NETWORKS, type NetworkName } from "../networks/index.ts";
import { assembleWeights, bytesOf, checkLength, type NetworkWeights } from "../networks/weights.ts";
import { writeWhole } from "../runtime/atomic-write.ts";

/**
 * Our own format: the network's tensors in their order, nothing between them, little-endian float32, kernels HWIO.
 * @throws StageError when the length or a tensor is wrong.
 */
export async function readRawFile(file: string, origin: string, network: NetworkName): Promise<NetworkWeights> {
  const { tensors } = NETWORKS[network];
  checkLength(file, (await stat(file)).size, bytesOf(tensors)); // before it fills the memory
  const { buffer, byteOffset } = await readFile(file);
  let offset = byteOffset;
  return assembleWeights(tensors, file, origin, ({ length }) => {
    const values = new Float32Array(buffer, offset, length);
    offset += values.byteLength;
    return values;
  });
}

/** Writes what {@link readRawFile} reads. */
export async function writeRawFile(file: string, weights: NetworkWeights): Promise<void> {
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
