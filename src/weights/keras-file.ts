import { randomUUID } from "node:crypto";
import { readFile, stat } from "node:fs/promises";
import { Dataset, File, ready } from "h5wasm"; // not h5wasm/node: tsx takes 2 s and 600 MB to load that
import { NETWORKS, type NetworkName } from "../networks/index.ts";
import { assembleWeights, checkLength, damaged, type NetworkWeights } from "../networks/weights.ts";
import { StageError, throwSystemError } from "../runtime/errors.ts";
import { KNOWN_FILES } from "./known-files.ts";

/** https://support.hdfgroup.org/documentation/hdf5/latest/_f_m_t3.html#Superblock */
const HDF5_SIGNATURE = "\x89HDF\r\n\x1a\n";

/**
 * Reads and checks Keras's HDF5 file: datasets `block1_conv1/block1_conv1_W_1:0` (HWIO) and `…_b_1:0`.
 * @throws StageError when it is shorter than it should be, no HDF5, or a tensor is wrong.
 */
export async function readKerasFile(file: string, origin: string, network: NetworkName): Promise<NetworkWeights> {
  checkLength(file, (await stat(file)).size, KNOWN_FILES[network].keras.bytes); // before it fills the memory
  const content = await readFile(file);
  if (content.toString("latin1", 0, HDF5_SIGNATURE.length) !== HDF5_SIGNATURE)
    throw damaged(file, "it is no HDF5 file");
  return withH5(content, (h5) =>
    assembleWeights(NETWORKS[network].tensors, file, origin, ({ layer, kind, shape }) => {
      const name = `${layer}/${layer}_${kind === "kernel" ? "W" : "b"}_1:0`;
      const dataset = h5.get(name);
      if (!(dataset instanceof Dataset) || String(dataset.shape) !== String(shape) || dataset.dtype !== "<f")
        throw damaged(file, `dataset ${name} is missing or is not float32 ${JSON.stringify(shape)}`);
      return dataset.value as Float32Array;
    }),
  ).catch((error: unknown) => {
    throwSystemError(error);
    throw error instanceof StageError ? error : damaged(file, "its HDF5 structure is damaged", error);
  });
}

/** Opens HDF5 content in h5wasm's file system, which is memory of its own. */
async function withH5<T>(content: Uint8Array, use: (h5: File) => T): Promise<T> {
  const { FS, activate_throwing_error_handler, deactivate_throwing_error_handler } = await ready;
  const name = randomUUID();
  FS.createDataFile("/", name, content, true, false, true); // not copied
  activate_throwing_error_handler(); // else the HDF5 library prints its errors and goes on
  try {
    const h5 = new File(name, "r");
    try {
      return use(h5);
    } finally {
      h5.close();
    }
  } finally {
    deactivate_throwing_error_handler();
    FS.unlink(name);
  }
}
