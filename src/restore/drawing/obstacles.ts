import { between, chance, times } from "./choose.ts";
import { anyHue, css, near } from "./colour.ts";
import { blades } from "./landscape.ts";
import { oval, type Point, path, tube } from "./shapes.ts";
import { fill, slab } from "./svg.ts";
import type { View } from "./view.ts";

/** Grass between the viewer and the animal. */
export const tallGrass = (view: View): string =>
  fill(blades(view, view.height * 0.95, view.height * 1.15, 90), css(near(view.random, [95, 40, 35])));

/** The bars of a cage or a gate. */
export function bars({ random, width, height, unit }: View): string {
  const gap = between(random, [12, 20]) * unit;
  const upright = times(width / gap + 1, (i) => slab(i * gap, 0, 1.6 * unit, height));
  return fill(upright.join(""), css(anyHue(random, 5, between(random, [20, 75]))));
}

/** A twig that hangs in from a side. */
export function leaves({ random, width, height, unit }: View): string {
  const [x, y] = [chance(random, 0.5) ? 0 : width, height * random.float()];
  const off = (): number => 14 * unit * random.normal();
  const shapes = times(8, () => oval(x + off(), y + off(), 9 * unit, 3.5 * unit, 180 * random.float()));
  return fill(path(...shapes), css(near(random, [115, 40, 28], 2)));
}

/** A blanket that covers what is below. */
export function blanket({ random, width, height, unit }: View): string {
  const y = height * between(random, [0.72, 0.9]);
  const edge = times(6, (i): Point => [width * (i / 5), y + 4 * unit * random.normal()]);
  const colour = anyHue(random, 35, 55);
  const corners: Point[] = [
    [width + 20, y],
    [width + 20, height + 20],
    [-20, height + 20],
    [-20, y],
  ];
  return fill(path([...edge, ...corners]), css(colour)) + fill(path(tube(edge, [3 * unit])), css(colour, 10));
}

/** A cardboard box to look out of. */
export function carton({ random, width, height, unit }: View): string {
  const y = height * between(random, [0.7, 0.88]);
  return fill(slab(0, y, width, height), "#b98a56") + fill(slab(0, y, width, 3 * unit), "#d0a470");
}

/** A door frame or a piece of furniture on one side. */
export function doorFrame({ random, width, height }: View): string {
  const wide = width * between(random, [0.15, 0.3]);
  return fill(slab(chance(random, 0.5) ? 0 : width - wide, 0, wide, height), css(near(random, [28, 30, 30], 2)));
}
