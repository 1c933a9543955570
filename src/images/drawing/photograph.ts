import type { Random } from "../../random.ts";
import { between, chance } from "./choose.ts";

/** What camera and film do to a picture. */
export interface Exposure {
  /** Standard deviation of the blur, px; 0 for none. */
  blur: number;
  /** Tone curve of the red, green and blue channel, 256 levels each. */
  curves: readonly [Uint8Array, Uint8Array, Uint8Array];
  /** Amplitude of the grain, in levels. */
  grain: number;
  /** Where in the grain this picture starts. */
  offset: number;
  /** JPEG quality, 1–100. */
  quality: number;
}

/** Most pictures are sharp and well lit; some are blurred, dark, pale, or in lamplight. */
export function chooseExposure(random: Random): Exposure {
  const blur = chance(random, 0.18) ? between(random, [0.6, 2.5]) : 0;
  const gamma = Math.exp(0.2 * random.normal());
  const contrast = between(random, [0.75, 1.1]);
  const warmth = 0.07 * random.normal();
  const lift = 255 * (1 - contrast) * random.float();
  const curve = (gain: number): Uint8Array =>
    Uint8Array.from({ length: 256 }, (_, level) =>
      Math.max(0, Math.min(255, Math.round(lift + 255 * contrast * gain * (level / 255) ** gamma))),
    );
  return {
    blur,
    curves: [curve(1 + warmth), curve(1), curve(1 - warmth)],
    grain: chance(random, 0.5) ? between(random, [3, 15]) : 0,
    offset: random.integer(GRAIN.length),
    quality: 60 + random.integer(35),
  };
}

/** Applies tone curves and grain: interleaved RGBA bytes in, RGB bytes out. */
export function expose(rgba: Uint8Array, { curves: [red, green, blue], grain, offset }: Exposure): Uint8Array {
  const count = rgba.length / 4;
  const rgb = new Uint8Array(3 * count);
  for (let i = 0, from = 0, to = 0; i < count; i++, from += 4, to += 3) {
    const speck = grain * (GRAIN[(i + offset) & (GRAIN.length - 1)] as number);
    rgb[to] = clamp((red[rgba[from] as number] as number) + speck);
    rgb[to + 1] = clamp((green[rgba[from + 1] as number] as number) + speck);
    rgb[to + 2] = clamp((blue[rgba[from + 2] as number] as number) + speck);
  }
  return rgb;
}

const clamp = (level: number): number => (level < 0 ? 0 : level > 255 ? 255 : level);

/** One film for all pictures, which start at different places of it: 2^18 specks in [-1, 1), from a linear congruential generator. */
const GRAIN = makeGrain(2 ** 18);

function makeGrain(length: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' constants
    return state / 2 ** 31 - 1;
  });
}
