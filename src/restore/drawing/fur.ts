import type { Random } from "../../numbers/random.ts";
import { type Colour, css } from "./colour.ts";
import { boxOf, num, type Point, path, type Shape, xy } from "./shapes.ts";
import { fill, gradient } from "./svg.ts";

/** How closely fur is seen. */
export interface Look {
  /** 0 smooth … 1 long-haired. */
  shag: number;
  /** Pixels a drawing unit: an animal far off shows no single hairs. */
  detail: number;
}

/**
 * Shapes that make up one part of an animal, with fur: a colour lit from above, markings, hairs.
 * @param id names this part's gradient and clip path within the drawing.
 * @param markings SVG, seen where the fur is.
 */
export function fur(
  random: Random,
  shapes: readonly Shape[],
  colour: Colour,
  id: string,
  look: Look,
  markings = "",
): string {
  const d = path(...shapes);
  const clipped = `<clipPath id="c${id}"><path d="${d}"/></clipPath><g clip-path="url(#c${id})">${markings}</g>`;
  return [
    gradient(`g${id}`, css(colour, 7), css(colour, -12)),
    fill(d, `url(#g${id})`),
    markings && clipped,
    fill(hairs(random, shapes, look), "#fff", 0.28),
    fill(hairs(random, shapes, look), "#1a1008", 0.3),
  ].join("");
}

/** Path data of hairs along and inside the outlines. Thin triangles: they taper, and draw faster than strokes. */
function hairs(random: Random, shapes: readonly Shape[], { shag, detail }: Look): string {
  const thick = 0.6 + 0.7 * shag;
  let d = "";
  for (const points of shapes) {
    const { width, height } = boxOf([points]);
    for (let left = detail * (width + height) * (0.045 + 0.1 * shag); left > 0; left--) {
      const along = random.float() * points.length;
      const [edge, opposite] = [at(points, along), at(points, points.length - 1 - along)];
      const [dx, dy] = [edge[0] - opposite[0], edge[1] - opposite[1]];
      const across = Math.hypot(dx, dy) || 1;
      const depth = 0.5 * random.float() ** 2;
      const length = (2.5 + 6 * shag) * (0.6 + random.float());
      const [x, y] = [edge[0] - dx * depth, edge[1] - dy * depth];
      const tip: Point = [x + ((0.7 * dx) / across - 0.3) * length, y + ((0.6 * dy) / across + 0.5) * length];
      d += `M${xy([x - thick, y])}h${num(2 * thick)}L${xy(tip)}Z`;
    }
  }
  return d;
}

/** The place at a fractional index of a shape's points. */
function at(points: Shape, index: number): Point {
  const before = Math.floor(index);
  const from = points[(before + points.length) % points.length] as Point;
  const to = points[(before + 1) % points.length] as Point;
  const share = index - before;
  return [from[0] + (to[0] - from[0]) * share, from[1] + (to[1] - from[1]) * share];
}
