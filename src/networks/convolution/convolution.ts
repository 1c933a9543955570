import { wantedThreads } from "../../runtime/threads.ts";
import type { ConvolutionalBase } from "../network.ts";
import { loadNative } from "./native.ts";
import { type ConvolutionLayer, describeNetwork } from "./network.ts";
import { loadWasm } from "./wasm.ts";

/** Ways of computing: `native` needs the addon, `wasm` a processor and a Node.js with fused multiply-add, `wasm-plain` nothing. */
export const BUILDS = ["native", "wasm", "wasm-plain"] as const;

/** What the addon's builds are compiled for. */
export const ISAS = ["avx512", "avx2", "neon"] as const;

/** How to compute. */
export interface ConvolutionOptions {
  /** Images are [size, size, channels]. */
  size: number;
  /** By default one per processor. The number changes no byte. */
  threads?: number;
  /** By default the first of {@link BUILDS} that works here. */
  build?: (typeof BUILDS)[number] | undefined;
  /** Which of the addon's builds, by default the fastest that the processor runs. */
  isa?: (typeof ISAS)[number] | undefined;
}

/**
 * Loads a network of convolutions 3 × 3 and poolings 2 × 2 in float32, to be computed on the processor, and transforms its weights; what
 * was given may be forgotten after that. The bytes of an image's features depend on the image alone.
 * @param layers in the order in which an image passes through them.
 * @param blocks convolutions before each pooling, `[2, 2, 3, 3, 3]` for VGG16.
 * @throws StageError when the addon was built from other sources, or when the wanted build does not run here.
 */
export async function loadConvolution(
  layers: readonly ConvolutionLayer[],
  blocks: readonly number[],
  { size, threads = wantedThreads(), build, isa }: ConvolutionOptions,
): Promise<ConvolutionalBase> {
  const network = describeNetwork(layers, blocks, size);
  if (build === undefined || build === "native") {
    const native = await loadNative(network, layers, threads, { isa, required: build === "native" });
    if (native) return native;
  }
  return loadWasm(network, layers, threads, build === "native" ? undefined : build);
}
