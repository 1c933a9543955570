import type { Random } from "../../numbers/random.ts";
import type { Animal } from "./breeds.ts";
import { chance } from "./choose.ts";
import { type Coat, WHITE } from "./coat.ts";
import { type Colour, css } from "./colour.ts";
import { oval, type Point, path, shape } from "./shapes.ts";
import { fill, stroke } from "./svg.ts";

/** The colour of lips. */
export const MOUTH = "#2a1d1a";
/** The colour of tongues. */
export const TONGUE = "#e2707e";
const NOSE = "#17120f";
const SHINE = "#fff";

/** One eye: a cat's is an almond with a slit, a dog's round and mostly pupil. `side` is -1 left, 1 right. */
export function eye({ species, eyeSize: s, eyeColour }: Animal, [x, y]: Point, side: number, slit: number): string {
  const shine = fill(path(oval(x - s * 0.25, y - s * 0.3, s * 0.17, s * 0.17)), SHINE, 0.9);
  if (species === "dog") {
    const rings = [
      [1.12, "#1a120e"],
      [0.8, eyeColour],
      [0.48, "#0b0807"],
    ] as const;
    return rings.map(([radius, colour]) => fill(path(oval(x, y, s * radius, s * radius)), colour)).join("") + shine;
  }
  const lift = side * s * 0.22;
  // biome-ignore format: points in pairs
  const almond = path(shape([
    [x - s, y + lift], [x - s * 0.4, y - s * 0.62], [x + s * 0.4, y - s * 0.62],
    [x + s, y - lift], [x + s * 0.4, y + s * 0.55], [x - s * 0.4, y + s * 0.55],
  ]));
  const pupil = fill(path(oval(x, y, s * slit, s * 0.62)), "#0b0908");
  return fill(almond, eyeColour) + stroke(almond, "#1d1512", 1.3) + pupil + shine;
}

/** A nose around a place: a dog's is large, dark and wet, a cat's a small triangle, often pink. */
export function nose(random: Random, { species }: Animal, [x, y]: Point, [rx, ry]: Point): string {
  if (species === "dog") {
    return fill(path(oval(x, y, rx, ry)), NOSE) + fill(path(oval(x - rx * 0.2, y - ry * 0.4, 1.8, 0.8)), SHINE, 0.5);
  }
  // biome-ignore format: points in pairs
  const triangle = shape([[x - rx, y - ry * 0.7], [x, y - ry], [x + rx, y - ry * 0.7], [x + rx * 0.5, y + ry * 0.4], [x, y + ry], [x - rx * 0.5, y + ry * 0.4]]);
  return fill(path(triangle), chance(random, 0.6) ? "#d98a8a" : "#4a302c");
}

/** The colour around the mouth. */
export function muzzleColour({ white, marking, base, second }: Coat): string {
  if (white) return css(WHITE);
  return marking === "masked" ? css(second) : css(base, 9);
}

/** The skin inside an ear. */
export const earSkin = ({ base }: Coat): string => (base[2] > 45 ? "#e09a94" : "#9a605e");

/** Whiskers stand out from the coat. */
export const whiskerColour = ({ base }: Coat): string => (base[2] > 70 ? "#8d867c" : "#f4efe6");

/** A colour that stands out from the same fur beside it: lop ears, the ear on the far side. */
export const shaded = ([hue, saturation, lightness]: Colour): Colour => [
  hue,
  saturation,
  lightness > 20 ? lightness * 0.78 : lightness + 6,
];
