// biome-ignore-all format: outlines are tables of points
import type { Random } from "../../numbers/random.ts";
import type { Animal } from "./breeds.ts";
import { between, times } from "./choose.ts";
import { type Coat, tipColour } from "./coat.ts";
import { css } from "./colour.ts";
import { earSkin, eye, MOUTH, muzzleColour, nose, shaded, TONGUE, whiskerColour } from "./features.ts";
import { fur, type Look } from "./fur.ts";
import { blob, line, oval, type Point, path, type Shape, scaled, shape } from "./shapes.ts";
import { fill, stroke } from "./svg.ts";

/** Draws a head of radius 30 around the origin that looks to the right. */
export function drawProfile(random: Random, animal: Animal, look: Look): string {
  const { muzzle: m, coat } = animal;
  const upright = animal.ears === "pointed";
  const skull = shape([[-24, 8], [-21, -13], [-6, -25], [10, -22], [18 + 0.05 * m, -9], [22 + m, -3 + 0.15 * m], [25 + m, 4 + 0.1 * m], [22 + m, 11 + 0.1 * m], [16 + 0.75 * m, 17 + 0.04 * m], [4, 22], [-14, 24]]);
  const near = ear(animal);
  const far = shape(near.map(([x, y]): Point => [x + 11, y + 2]));
  const snout = fill(path(oval(15 + 0.7 * m, 9 + 0.1 * m, 8 + 0.4 * m, 7 + 0.08 * m, 4)), muzzleColour(coat), 0.7);
  const lip = line([23 + m, 9 + 0.1 * m], [15 + 0.7 * m, 12 + 0.08 * m], [7 + 0.3 * m, 13]);
  return [
    upright ? fur(random, [far], shaded(tipColour(coat)), "f", look) : "",
    fur(random, [skull], coat.base, "h", look, markings(random, coat) + snout),
    animal.tongueOut ? fill(path(oval(15 + 0.7 * m, 16 + 0.25 * m, 2.5 + 0.1 * m, 5 + 0.25 * m)), TONGUE) : "",
    stroke(lip, MOUTH, 1.2, 0.8),
    nose(random, animal, [23.5 + m, 1.7 + 0.1 * m], animal.species === "dog" ? [3.4 + 0.1 * m, 3 + 0.07 * m] : [2.2, 2.2]),
    eye({ ...animal, eyeSize: animal.eyeSize * 0.85 }, [11, -7], 1, 0.25),
    animal.whiskers > 0 ? whiskers(animal) : "",
    fur(random, [near], upright ? tipColour(coat) : shaded(tipColour(coat)), "e", look),
    upright ? fill(path(scaled(near, 0.55)), earSkin(coat), 0.8) : "",
  ].join("");
}

/** The near ear. */
function ear({ ears, earLength: L }: Animal): Shape {
  switch (ears) {
    case "pointed":
      return shape([[-17, -14], [-14, -20 - 0.5 * L], [-8, -19 - L], [-6, -19 - L], [2, -20 - 0.4 * L], [5, -18], [-5, -10]]);
    case "folded":
      return shape([[-14, -18], [-4, -24 - 0.3 * L], [6, -20], [10, -18 + 0.7 * L], [8, -17 + 0.75 * L], [-3, -12]]);
    case "hanging":
      return shape([[-15, -17], [-4, -19], [3, -6], [0, L - 20], [-7, L - 10], [-15, L - 18], [-17, -2]]);
  }
}

function markings(random: Random, coat: Coat): string {
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

function whiskers({ muzzle: m, whiskers: reach, coat }: Animal): string {
  const x = 0.8 * m;
  const hairs = times(3, (i) => line([18 + x, 7 + i], [16 + x + reach * 0.3, 9 + 5 * i], [12 + x + reach * 0.6, 12 + 8 * i]));
  return stroke(hairs.join(""), whiskerColour(coat), 0.9, 0.85);
}
