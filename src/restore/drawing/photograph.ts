import { Random } from "../../numbers/random.ts";
import { between, chance } from "./shapes.ts";

/** What light, camera and film do to a picture. */
export interface Exposure {
  /** Standard deviation of the blur, px; 0 for none. */
  blur: number;
  /** Tone curves of the red, green and blue channel: a level for each of 256 levels. */
  curves: readonly [Uint8ClampedArray, Uint8ClampedArray, Uint8ClampedArray];
  /** How much the film's grain shows, in levels. */
  grain: number;
  /** Uneven light, as under trees or on rough ground: the share by which it varies, and its steps per pixel. */
  mottle: number;
  step: number;
  /** Which part of the film is used. */
  offset: number;
  /** JPEG quality, 1–100. */
  quality: number;
}

/** Draws lots: most pictures are sharp and well lit; some are blurred, dark, pale, or in lamplight. */
export function chooseExposure(random: Random): Exposure {
  const blur = chance(random, 0.13) ? between(random, [0.6, 2.5]) : 0;
  const gamma = Math.exp(0.2 * random.normal());
  const contrast = between(random, [0.8, 1.15]);
  const warmth = 0.07 * random.normal();
  const lift = 255 * (1 - contrast) * random.float();
  const curve = (gain: number): Uint8ClampedArray =>
    Uint8ClampedArray.from({ length: 256 }, (_, level) => lift + 255 * contrast * gain * (level / 255) ** gamma);
  return {
    blur,
    curves: [curve(1 + warmth), curve(1), curve(1 - warmth)],
    grain: chance(random, 0.5) ? between(random, [3, 15]) : 0,
    mottle: between(random, [0.05, 0.4]),
    step: between(random, [0.4, 1.6]),
    offset: random.integer(SIDE * SIDE),
    quality: 60 + random.integer(35),
  };
}

/** Applies tone curves, light and grain: interleaved RGBA bytes of rows `width` wide in, RGB bytes out. */
export function expose(rgba: Uint8Array, width: number, exposure: Exposure): Uint8ClampedArray {
  const [red, green, blue] = exposure.curves;
  film ??= makeFilm();
  const { grain, mottle } = film;
  const pixels = rgba.length / 4;
  const rgb = new Uint8ClampedArray(3 * pixels);
  // All in whole numbers, 256 to one: the loop runs a hundred million times for a data set.
  const [speckle, depth, step] = [exposure.grain, exposure.mottle, exposure.step].map((share) =>
    Math.round(256 * share),
  ) as [number, number, number];
  for (let i = 0, y = 0; i < pixels; y++) {
    const row = exposure.offset + ((y * step) >> 8) * SIDE;
    for (let x = 0; x < width; x++, i++) {
      const light = 256 + ((depth * (mottle[(row + ((x * step) >> 8)) & MASK] as number)) >> 8);
      const speck = (speckle * (grain[(exposure.offset + i) & MASK] as number)) >> 16;
      rgb[3 * i] = (((red[rgba[4 * i] as number] as number) * light) >> 8) + speck;
      rgb[3 * i + 1] = (((green[rgba[4 * i + 1] as number] as number) * light) >> 8) + speck;
      rgb[3 * i + 2] = (((blue[rgba[4 * i + 2] as number] as number) * light) >> 8) + speck;
    }
  }
  return rgb;
}

/** Side of the film, specks; a power of two, so that it repeats by masking bits. */
const SIDE = 512;
const MASK = SIDE * SIDE - 1;

/** One film for all pictures, which use different parts of it: values from -256 to 256. Made when first needed. */
let film: { grain: Int16Array; mottle: Int16Array } | undefined;

function makeFilm(): { grain: Int16Array; mottle: Int16Array } {
  const random = new Random(0, "film");
  const grain = Int16Array.from({ length: SIDE * SIDE }, () => random.integer(513) - 256);
  const mottle = new Float64Array(SIDE * SIDE);
  // Smooth noise at several scales, coarse strongest, as light and surfaces have it.
  for (const [cell, share] of [
    [64, 0.3],
    [24, 0.3],
    [10, 0.25],
    [4, 0.15],
  ] as const) {
    addNoise(mottle, random, cell, share);
  }
  return { grain, mottle: Int16Array.from(mottle, (value) => Math.round(256 * value)) };
}

/** Adds random values at the corners of a grid, blended in between; the grid wraps around. */
function addNoise(values: Float64Array, random: Random, cell: number, share: number): void {
  const count = Math.floor(SIDE / cell);
  const corners = Float64Array.from({ length: count * count }, () => share * (2 * random.float() - 1));
  const corner = (row: number, column: number): number => corners[(row % count) * count + (column % count)] as number;
  for (let i = 0; i < values.length; i++) {
    const [v, u] = [(Math.floor(i / SIDE) * count) / SIDE, ((i % SIDE) * count) / SIDE];
    const [row, column] = [Math.floor(v), Math.floor(u)];
    const [down, right] = [fade(v - row), fade(u - column)];
    const top = corner(row, column) * (1 - right) + corner(row, column + 1) * right;
    const bottom = corner(row + 1, column) * (1 - right) + corner(row + 1, column + 1) * right;
    values[i] = (values[i] as number) + top * (1 - down) + bottom * down;
  }
}

/** Perlin's smooth step: no seams between cells. */
const fade = (t: number): number => t * t * (3 - 2 * t);
