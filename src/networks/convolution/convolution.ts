import { availableParallelism } from "node:os";
import { loadNative } from "./native.ts";
import { type ConvolutionLayer, describeNetwork } from "./network.ts";
import { loadWasm } from "./wasm.ts";

/** A network of convolutions 3 × 3 and poolings 2 × 2 in float32, computed on the processor. */
export interface Convolution {
  /** What computes, for people: `native avx512, 2 threads`. */
  name: string;
  /** Whose results these are: the same bytes from every build with fused multiply-add, others from the one without. */
  device: "cpu" | "cpu-nofma";
  /** Shape of one image's features, `[4, 4, 512]` for VGG16 and 150 px. */
  rowShape: [number, number, number];
  /** Images that keep every thread at work; more at once gain nothing. Two calls may overlap: the second begins where the first runs out of work. */
  batch: number;
  /** Images [n, size, size, channels], which must not change until then → features [n, ...rowShape]. The bytes of a row depend on its image alone. */
  features(images: Float32Array, n: number): Promise<Float32Array>;
  /** Ends the threads and frees the memory. */
  close(): void;
}

/** Ways of computing: `native` needs the addon, `wasm` a processor and a Node.js with fused multiply-add, `wasm-plain` nothing. */
export const BUILDS = ["native", "wasm", "wasm-plain"] as const;

/** How to compute. */
export interface ConvolutionOptions {
  /** Images are [size, size, channels]. */
  size: number;
  /** By default one per processor. The number changes no byte. */
  threads?: number;
  /** By default `auto`: the first of {@link BUILDS} that works here. */
  build?: "auto" | (typeof BUILDS)[number];
  /** Which of the addon's builds, by default the fastest that the processor runs. */
  isa?: "avx512" | "avx2" | "neon";
}

/**
 * Loads a network and transforms its weights; what was given may be forgotten after that.
 * @param layers in the order in which an image passes through them.
 * @param blocks convolutions before each pooling, `[2, 2, 3, 3, 3]` for VGG16.
 * @throws StageError when the addon was built from other sources, or when the wanted build does not run here.
 */
export async function loadConvolution(
  layers: readonly ConvolutionLayer[],
  blocks: readonly number[],
  { size, threads = availableParallelism(), build = "auto", isa }: ConvolutionOptions,
): Promise<Convolution> {
  const network = describeNetwork(layers, blocks, size);
  if (build === "native" || build === "auto") {
    const native = await loadNative(network, layers, threads, { isa, required: build === "native" });
    if (native) return native;
  }
  return loadWasm(network, layers, threads, build === "auto" || build === "native" ? undefined : build);
}
