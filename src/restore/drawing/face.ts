// biome-ignore-all format: outlines are tables of points
import type { Random } from "../../numbers/random.ts";
import type { Animal } from "./breeds.ts";
import { between, chance, times } from "./choose.ts";
import { type Coat, tipColour, WHITE } from "./coat.ts";
import { css } from "./colour.ts";
import { earSkin, eye, MOUTH, muzzleColour, nose, shaded, TONGUE, whiskerColour } from "./features.ts";
import { fur, type Look } from "./fur.ts";
import { blob, line, mirrored, oval, type Point, path, type Shape, scaled, shape, symmetric } from "./shapes.ts";
import { fill, stroke } from "./svg.ts";

/** Draws a head of radius 30 around the origin that looks at the viewer, sleeps, or is seen from behind. */
export function drawFace(random: Random, animal: Animal, look: Look, view: "front" | "asleep" | "back"): string {
  const { faceWidth: w, muzzle: m, coat } = animal;
  const turn = view === "back" ? 0 : between(random, [-1, 1]);
  const ears = [ear(animal), mirrored(ear(animal))];
  const upright = animal.ears === "pointed";
  const earFur = fur(random, ears, upright ? tipColour(coat) : shaded(tipColour(coat)), "e", look);
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
    fill(path(oval(x, y, rx, ry)), muzzleColour(coat), 0.75),
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
  return stroke([-1, 1].flatMap((side) => times(3, (i) => hair(side, i))).join(""), whiskerColour(animal.coat), 0.9, 0.85);
}
