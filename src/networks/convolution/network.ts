import { StageError } from "../../runtime/errors.ts";

/** The weights of one convolution 3 × 3 of stride 1 with zero padding. */
export interface ConvolutionLayer {
  /** float32, HWIO `[3, 3, channels in, channels out]`. */
  filter: Float32Array;
  /** float32 `[channels out]`. */
  bias: Float32Array;
}

/** A network of convolutions, in blocks that end with a max pooling 2 × 2, for images of one size. */
export interface Network {
  /** Images are `[size, size, channels]`. */
  size: number;
  channels: number;
  /** Shape of one image's features. */
  rowShape: [number, number, number];
  /** Images that a thread computes at once. */
  share: number;
  /** What the kernel's `plan` reads: size, channels, share, layers; then of each layer channels out, Winograd's m, whether a pooling follows. */
  description: Int32Array;
}

/** Pixels that a thread has at hand: eight images of 150 × 150 share one reading of the weights. */
const SHARED_PIXELS = 8 * 150 * 150;
/** More images gain nothing. */
const MOST_SHARED = 64;
/** cpp/network.h */
const MOST_LAYERS = 64;

/**
 * Describes a network to the kernel.
 * @param blocks convolutions before each pooling, `[2, 2, 3, 3, 3]` for VGG16.
 * @throws StageError when an image is so small that nothing is left to pool.
 */
export function describeNetwork(layers: readonly ConvolutionLayer[], blocks: readonly number[], size: number): Network {
  const count = blocks.reduce((sum, convolutions) => sum + convolutions, 0);
  if (count !== layers.length || count > MOST_LAYERS || blocks.some((convolutions) => convolutions < 1))
    throw new RangeError(`blocks of ${blocks} convolutions, and ${layers.length} layers (at most ${MOST_LAYERS})`);
  if (size < 2 ** blocks.length)
    throw new StageError(`image.size is ${size}; ${blocks.length} poolings need at least ${2 ** blocks.length}.`);
  const channels = channelsIn(layers[0] as ConvolutionLayer);
  const share = Math.min(Math.max(Math.floor(SHARED_PIXELS / size ** 2), 1), MOST_SHARED);
  const description = [size, channels, share, count];
  let [side, before, index] = [size, channels, 0];
  for (const convolutions of blocks) {
    for (let i = 1; i <= convolutions; i++) {
      const layer = layers[index++] as ConvolutionLayer;
      if (channelsIn(layer) !== before)
        throw new RangeError(`layer ${index} takes ${channelsIn(layer)} channels, not ${before}`);
      const pool = i === convolutions;
      before = layer.bias.length;
      description.push(before, tileSize(pool ? side - (side % 2) : side), Number(pool));
    }
    side = Math.floor(side / 2);
  }
  return { size, channels, rowShape: [side, side, before], share, description: Int32Array.from(description) };
}

const channelsIn = ({ filter, bias }: ConvolutionLayer): number => filter.length / 9 / bias.length;

/**
 * m of Winograd's F(m × m, 3 × 3) for an output of `side` × `side`: F(6 × 6) saves multiplications, unless most of its tiles' area
 * lies outside of the image; it costs longer transforms and more memory for the weights.
 */
function tileSize(side: number): 4 | 6 {
  const products = (m: number) => (Math.ceil(side / m) * (m + 2)) ** 2;
  return side <= LARGEST_SIDE_OF_6 && products(6) < GAIN_OF_6 * products(4) ? 6 : 4;
}
/** Larger sides gained nothing measurable, see docs/performance.md, and F(6 × 6) rounds worse. */
const LARGEST_SIDE_OF_6 = 36;
const GAIN_OF_6 = 0.9;
