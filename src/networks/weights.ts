import { createHash } from "node:crypto";
import { StageError } from "../runtime/errors.ts";

/** A convolution of a network: stride 1, zero padding. */
export interface ConvolutionWeights {
  /** Keras's name, `block1_conv1`: the part before `_` names the block, after which comes a pooling. */
  name: string;
  /** float32, HWIO, of `shape`. */
  filter: Float32Array;
  /** `[height, width, channels in, channels out]`. */
  shape: [number, number, number, number];
  /** float32 `[channels out]`. */
  bias: Float32Array;
}

/** A trained network without its top. The SHA-256 of every tensor has been checked. */
export interface NetworkWeights {
  /** In the order in which an image passes through them. */
  layers: ConvolutionWeights[];
  /** Where they came from, for people: `Keras's cache`. */
  origin: string;
  /** The file on this machine that holds them. */
  file: string;
}

/** A tensor of the table. */
export interface TensorSpec {
  layer: string;
  kind: "kernel" | "bias";
  shape: number[];
  /** Values in it. */
  length: number;
  sha256: string;
}

/** A table of digests, `{"block1_conv1/kernel": {shape, sha256}, …}`, as specifications, in its order. */
export const tensorsOf = (table: Record<string, { shape: number[]; sha256: string }>): TensorSpec[] =>
  Object.entries(table).map(([name, { shape, sha256 }]) => {
    const [layer, kind] = name.split("/") as [string, TensorSpec["kind"]];
    return { layer, kind, shape, length: shape.reduce((a, b) => a * b), sha256 };
  });

/** Bytes of all tensors. */
export const bytesOf = (tensors: readonly TensorSpec[]): number =>
  tensors.reduce((sum, { length }) => sum + length * Float32Array.BYTES_PER_ELEMENT, 0);

/**
 * Reads all tensors with `read`, in the table's order, and checks each.
 * @throws StageError naming the file and the first tensor whose SHA-256 is wrong.
 */
export function assembleWeights(
  tensors: readonly TensorSpec[],
  file: string,
  origin: string,
  read: (tensor: TensorSpec) => Float32Array,
): NetworkWeights {
  const layers: ConvolutionWeights[] = [];
  for (const tensor of tensors) {
    const values = read(tensor);
    const found = sha256(values);
    if (found !== tensor.sha256)
      throw damaged(file, `tensor ${tensor.layer}/${tensor.kind} has SHA-256 ${found}, expected ${tensor.sha256}`);
    if (tensor.kind === "kernel") {
      layers.push({
        name: tensor.layer,
        filter: values,
        shape: tensor.shape as ConvolutionWeights["shape"],
        bias: new Float32Array(),
      });
    } else {
      (layers.at(-1) as ConvolutionWeights).bias = values;
    }
  }
  return { layers, origin, file };
}

/** A file that should hold the weights and does not. */
export function damaged(file: string, what: string, cause?: unknown): StageError {
  return new StageError(`${file}: ${what}.`, { hint: `Delete it and run again: rm '${file}'`, cause });
}

/** @throws StageError when a file has another length than it should, most often because a copy or download was cut off. */
export function checkLength(file: string, found: number, expected: number): void {
  const bytes = (n: number) => n.toLocaleString("en-US");
  if (found !== expected) throw damaged(file, `it has ${bytes(found)} bytes, the whole file has ${bytes(expected)}`);
}

/** Of the values as little-endian float32: the byte order of every platform that Node and TensorFlow share. */
function sha256({ buffer, byteOffset, byteLength }: Float32Array): string {
  return createHash("sha256")
    .update(new Uint8Array(buffer, byteOffset, byteLength))
    .digest("hex");
}
