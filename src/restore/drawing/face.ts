// biome-ignore-all format: outlines are tables of points
import type { Random } from "../../numbers/random.ts";
import { type Animal, type Coat, fur, type Look, tipColor, WHITE } from "./coat.ts";
import { between, blob, type Color, chance, css, fill, line, mirrored, oval, type Point, path, type Shape, scaled, shape, stroke, symmetric, times } from "./shapes.ts";


/** The color of lips. */
export const MOUTH = "#2a1d1a";
/** The color of tongues. */
export const TONGUE = "#e2707e";
const NOSE = "#17120f";
const SHINE = "#fff";

/** One eye: a cat's is an almond with a slit, a dog's round and mostly pupil. `side` is -1 left, 1 right. */
export function eye({ species, eyeSize: s, eyeColor }: Animal, [x, y]: Point, side: number, slit: number): string {
  const shine = fill(path(oval(x - s * 0.25, y - s * 0.3, s * 0.17, s * 0.17)), SHINE, 0.9);
  if (species === "dog") {
    const rings = [
      [1.12, "#1a120e"],
      [0.8, eyeColor],
      [0.48, "#0b0807"],
    ] as const;
    return rings.map(([radius, color]) => fill(path(oval(x, y, s * radius, s * radius)), color)).join("") + shine;
  }
  const lift = side * s * 0.22;
  // biome-ignore format: points in pairs
  const almond = path(shape([
    [x - s, y + lift], [x - s * 0.4, y - s * 0.62], [x + s * 0.4, y - s * 0.62],
    [x + s, y - lift], [x + s * 0.4, y + s * 0.55], [x - s * 0.4, y + s * 0.55],
  ]));
  const pupil = fill(path(oval(x, y, s * slit, s * 0.62)), "#0b0908");
  return fill(almond, eyeColor) + stroke(almond, "#1d1512", 1.3) + pupil + shine;
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

/** The color around the mouth. */
export function muzzleColor({ white, marking, base, second }: Coat): string {
  if (white) return css(WHITE);
  return marking === "masked" ? css(second) : css(base, 9);
}

/** The skin inside an ear. */
export const earSkin = ({ base }: Coat): string => (base[2] > 45 ? "#e09a94" : "#9a605e");

/** Whiskers stand out from the coat. */
export const whiskerColor = ({ base }: Coat): string => (base[2] > 70 ? "#8d867c" : "#f4efe6");

/** A color that stands out from the same fur beside it: lop ears, the ear on the far side. */
export const shaded = ([hue, saturation, lightness]: Color): Color => [
  hue,
  saturation,
  lightness > 20 ? lightness * 0.78 : lightness + 6,
];

/** Draws a head of radius 30 around the origin that looks to the right. */
export function drawProfile(random: Random, animal: Animal, look: Look): string {
  const { muzzle: m, coat } = animal;
  const upright = animal.ears === "pointed";
  const skull = shape([[-24, 8], [-21, -13], [-6, -25], [10, -22], [18 + 0.05 * m, -9], [22 + m, -3 + 0.15 * m], [25 + m, 4 + 0.1 * m], [22 + m, 11 + 0.1 * m], [16 + 0.75 * m, 17 + 0.04 * m], [4, 22], [-14, 24]]);
  const near = profileEar(animal);
  const far = shape(near.map(([x, y]): Point => [x + 11, y + 2]));
  const snout = fill(path(oval(15 + 0.7 * m, 9 + 0.1 * m, 8 + 0.4 * m, 7 + 0.08 * m, 4)), muzzleColor(coat), 0.7);
  const lip = line([23 + m, 9 + 0.1 * m], [15 + 0.7 * m, 12 + 0.08 * m], [7 + 0.3 * m, 13]);
  return [
    upright ? fur(random, [far], shaded(tipColor(coat)), "f", look) : "",
    fur(random, [skull], coat.base, "h", look, profileMarkings(random, coat) + snout),
    animal.tongueOut ? fill(path(oval(15 + 0.7 * m, 16 + 0.25 * m, 2.5 + 0.1 * m, 5 + 0.25 * m)), TONGUE) : "",
    stroke(lip, MOUTH, 1.2, 0.8),
    nose(random, animal, [23.5 + m, 1.7 + 0.1 * m], animal.species === "dog" ? [3.4 + 0.1 * m, 3 + 0.07 * m] : [2.2, 2.2]),
    eye({ ...animal, eyeSize: animal.eyeSize * 0.85 }, [11, -7], 1, 0.25),
    animal.whiskers > 0 ? profileWhiskers(animal) : "",
    fur(random, [near], upright ? tipColor(coat) : shaded(tipColor(coat)), "e", look),
    upright ? fill(path(scaled(near, 0.55)), earSkin(coat), 0.8) : "",
  ].join("");
}

/** The near ear. */
function profileEar({ ears, earLength: L }: Animal): Shape {
  switch (ears) {
    case "pointed":
      return shape([[-17, -14], [-14, -20 - 0.5 * L], [-8, -19 - L], [-6, -19 - L], [2, -20 - 0.4 * L], [5, -18], [-5, -10]]);
    case "folded":
      return shape([[-14, -18], [-4, -24 - 0.3 * L], [6, -20], [10, -18 + 0.7 * L], [8, -17 + 0.75 * L], [-3, -12]]);
    case "hanging":
      return shape([[-15, -17], [-4, -19], [3, -6], [0, L - 20], [-7, L - 10], [-15, L - 18], [-17, -2]]);
  }
}

function profileMarkings(random: Random, coat: Coat): string {
  const second = css(coat.second);
  const draw: Record<Coat["marking"], () => string> = {
    plain: () => "",
    striped: () => {
      const brow = line([-4, -28], [-2, -16], [4, -10]) + line([3, -28], [6, -16]);
      const cheek = line([-22, 2], [0, 2]) + line([-22, 9], [2, 9]) + line([-18, -10], [-4, -8]);
      return stroke(brow + cheek, second, 2.6, 0.8);
    },
    patched: () => fill(path(blob(random, [2, -10], 18)), second),
    spotted: () => fill(path(...times(8, () => oval(between(random, [-22, 14]), between(random, [-24, 18]), 2.5, 2.2))), second, 0.85),
    saddled: () => fill(path(oval(-8, -22, 26, 14)), second),
    masked: () => fill(path(oval(24, 6, 22, 16)), second, 0.8),
  };
  return draw[coat.marking]();
}

function profileWhiskers({ muzzle: m, whiskers: reach, coat }: Animal): string {
  const x = 0.8 * m;
  const hairs = times(3, (i) => line([18 + x, 7 + i], [16 + x + reach * 0.3, 9 + 5 * i], [12 + x + reach * 0.6, 12 + 8 * i]));
  return stroke(hairs.join(""), whiskerColor(coat), 0.9, 0.85);
}

/** Draws a head of radius 30 around the origin that looks at the viewer, sleeps, or is seen from behind. */
export function drawFace(random: Random, animal: Animal, look: Look, view: "front" | "asleep" | "back"): string {
  const { faceWidth: w, muzzle: m, coat } = animal;
  const turn = view === "back" ? 0 : between(random, [-1, 1]);
  const ears = [ear(animal), mirrored(ear(animal))];
  const upright = animal.ears === "pointed";
  const earFur = fur(random, ears, upright ? tipColor(coat) : shaded(tipColor(coat)), "e", look);
  const skull = symmetric([[0, -27], [15 * w, -25], [25 * w, -10], [(28 - 0.14 * m) * w, 6], [(19 - 0.1 * m) * w, 20 + 0.1 * m], [6, 26 + 0.2 * m]]);
  const head = fur(random, [skull], coat.base, "h", look, markings(random, animal, turn * 5, view));
  if (view === "back") return upright ? earFur + head : head + earFur;
  const features = mouth(random, animal, turn * (3 + 0.3 * m)) + eyes(random, animal, turn * 5, view === "asleep") + whiskers(random, animal, turn * (3 + 0.3 * m));
  return upright ? earFur + fill(path(...ears.map((points) => scaled(points, 0.6))), earSkin(coat)) + head + features : head + features + earFur;
}

/** The right ear. */
function ear({ ears, earLength: L, faceWidth: w }: Animal): Shape {
  switch (ears) {
    case "pointed":
      return shape([[5 * w, -20], [12 * w, -23 - 0.55 * L], [20 * w, -19 - 0.97 * L], [22 * w, -18 - 0.95 * L], [28 * w, -12 - 0.4 * L], [27 * w, -2], [16 * w, -10]]);
    case "folded":
      return shape([[8 * w, -24], [18 * w, -27 - 0.3 * L], [29 * w, -22], [33 * w, -22 + 0.75 * L], [31 * w, -21 + 0.8 * L], [21 * w, -14]]);
    case "hanging":
      return shape([[14 * w, -25], [25 * w, -23], [32 * w, -6], [34 * w, L - 18], [29 * w, L - 8], [23 * w, L - 16], [20 * w, -8]]);
  }
}

/** @param x where the middle of the face is; a blaze is seen only from in front. */
function markings(random: Random, { coat, faceWidth: w, muzzle: m }: Animal, x: number, view: string): string {
  const second = css(coat.second);
  const draw: Record<Coat["marking"], () => string> = {
    plain: () => "",
    striped: () => {
      const brow = [-12, -4, 4, 12].map((from) => line([x + from * 0.7, -10], [x + from, -18], [x + from * 1.3, -30]));
      const cheeks = [-w, w].flatMap((side) => [line([side * 17, 4], [side * 30, -1]), line([side * 16, 9], [side * 30, 10])]);
      return stroke([...brow, ...cheeks].join(""), second, 2.6, 0.8);
    },
    patched: () => fill(path(blob(random, [(chance(random, 0.5) ? 13 : -13) * w, -10], 16)), second),
    spotted: () => fill(path(...times(9, () => oval(between(random, [-26, 26]), between(random, [-28, 8]), 2.5, 2.2))), second, 0.85),
    saddled: () => fill(path(oval(0, -26, 26 * w, 15)), second),
    masked: () => fill(path(oval(x, 10 + 0.2 * m, (17 + 0.1 * m) * w, 18)), second, 0.8),
  };
  const blaze = shape([[x - 3, -30], [x + 3, -30], [x + 5, -4], [x + 15 * w, 14], [x + 12, 34], [x - 12, 34], [x - 15 * w, 14], [x - 5, -4]]);
  return draw[coat.marking]() + (coat.white && view !== "back" ? fill(path(blaze), css(WHITE)) : "");
}

function mouth(random: Random, animal: Animal, x: number): string {
  const { muzzle: m, coat } = animal;
  const [y, rx, ry] = [12 + 0.12 * m, 9 + 0.24 * m, 8 + 0.18 * m];
  const noseY = 7 + 0.08 * m;
  const bottom = y + ry * 0.4;
  const lip = (side: number): string => line([x, bottom], [x + side * rx * 0.25, bottom + 2.5], [x + side * rx * 0.6, bottom + 1]);
  const tongue = fill(path(oval(x, bottom + 1 + 0.25 * m, 3 + 0.1 * m, 3 + 0.25 * m)), TONGUE) + stroke(line([x, bottom + 2], [x, bottom + 2 + 0.3 * m]), "#b04a5a", 0.8);
  return [
    fill(path(oval(x, y, rx, ry)), muzzleColor(coat), 0.75),
    animal.tongueOut ? tongue : "",
    stroke(line([x, noseY + 2], [x, bottom]) + lip(-1) + lip(1), MOUTH, 1.1 + 0.02 * m, 0.8),
    nose(random, animal, [x, noseY], animal.species === "dog" ? [4.5 + 0.14 * m, 3.4 + 0.1 * m] : [4, 2.8]),
  ].join("");
}

function eyes(random: Random, animal: Animal, x: number, closed: boolean): string {
  const apart = 11 * animal.faceWidth + (animal.species === "cat" ? 1 : 0);
  const y = -2 - 0.16 * animal.muzzle;
  const slit = between(random, [0.14, 0.6]);
  const lid = (at: number): string => stroke(line([at - 5, y], [at, y + 2.5], [at + 5, y]), "#241a16", 1.4);
  return [-1, 1].map((side) => (closed ? lid(x + side * apart) : eye(animal, [x + side * apart, y], side, slit))).join("");
}

function whiskers(random: Random, animal: Animal, x: number): string {
  if (animal.whiskers === 0) return "";
  const y = 12 + 0.1 * animal.muzzle;
  const hair = (side: number, i: number): string => {
    const [fall, reach] = [(i - 1) * 6 + 2 * random.normal(), animal.whiskers * between(random, [0.8, 1.1])];
    const out = (share: number): number => x + side * (6 + reach * share);
    const points: Point[] = [[out(0), y + i - 1], [out(0.5), y + fall * 0.7 - 2], [out(1), y + fall * 1.4]];
    return line(...points);
  };
  return stroke([-1, 1].flatMap((side) => times(3, (i) => hair(side, i))).join(""), whiskerColor(animal.coat), 0.9, 0.85);
}
