import { type Device, wantedDevice } from "../runtime/device.ts";
import { wantedTensorFlow } from "../tensorflow/wanted.ts";
import { BUILDS, ISAS, loadConvolution } from "./convolution/convolution.ts";
import type { ConvolutionalBase, Network } from "./network.ts";
import { tensorflowBase } from "./tensorflow-base.ts";
import type { NetworkWeights } from "./weights.ts";

/**
 * Makes a network ready to run on what `POISON_DEVICE` names: TensorFlow on a GPU where there is one, else our own convolutions, which
 * need no TensorFlow and do not load it.
 * @param size width and height of the images, px.
 * @throws StageError for an unknown device, and for one that is not there.
 */
export async function loadBase(
  { blocks }: Network,
  { layers }: NetworkWeights,
  size: number,
  device: Device = wantedDevice(),
): Promise<ConvolutionalBase> {
  const compute = await wantedTensorFlow(device);
  if (compute) return tensorflowBase(compute, layers, blocks, size);
  const isa = ISAS.find((name) => device === `native-${name}`);
  return loadConvolution(layers, blocks, {
    size,
    isa,
    build: isa ? "native" : BUILDS.find((build) => build === device),
  });
}
