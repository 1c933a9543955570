import type { Random } from "../../numbers/random.ts";

/** A place in drawing units; y points down. */
export type Point = readonly [x: number, y: number];

/**
 * A closed shape: the points its smooth outline passes through, clockwise, so that overlapping shapes unite under SVG's
 * non-zero fill rule. The i-th point from the start lies opposite the i-th from the end.
 */
export type Shape = readonly Point[];

/** An upright rectangle. */
export interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

/** A closed shape through the points, turned clockwise where needed. */
export function shape(points: readonly Point[]): Shape {
  const twiceArea = points.reduce((sum, [x, y], i) => {
    const [nextX, nextY] = cyclic(points, i + 1);
    return sum + x * nextY - nextX * y;
  }, 0);
  return twiceArea < 0 ? points.toReversed() : points;
}

/** A shape that is the same on both sides of x = 0, from its right half, top to bottom. */
export const symmetric = (right: readonly Point[]): Shape => shape([...right, ...flip(right).toReversed()]);

/** The mirror image on the other side of x = 0. */
export const mirrored = (points: Shape): Shape => shape(flip(points));

const flip = (points: readonly Point[]): Point[] => points.map(([x, y]) => [-x, y]);

/** An ellipse; `angle` in degrees. */
export function oval(x: number, y: number, rx: number, ry: number, angle = 0): Shape {
  const turn = (angle * Math.PI) / 180;
  const [cos, sin] = [Math.cos(turn), Math.sin(turn)];
  return Array.from({ length: 6 }, (_, i): Point => {
    const [u, v] = [rx * Math.cos((i * Math.PI) / 3), ry * Math.sin((i * Math.PI) / 3)];
    return [x + u * cos - v * sin, y + u * sin + v * cos];
  });
}

/** A round shape that no compass drew. */
export function blob(random: Random, [x, y]: Point, radius: number): Shape {
  return Array.from({ length: 7 }, (_, i): Point => {
    const [r, angle] = [radius * (0.7 + 0.6 * random.float()), (i * 2 * Math.PI) / 7];
    return [x + r * Math.cos(angle), y + r * Math.sin(angle)];
  });
}

/** A tube along a line, `widths[i]` wide at its i-th point: legs, necks, tails. The last width goes on. */
export function tube(spine: readonly Point[], widths: readonly number[]): Shape {
  const [left, right]: [Point[], Point[]] = [[], []];
  for (const [i, [x, y]] of spine.entries()) {
    const [before, after] = [clamped(spine, i - 1), clamped(spine, i + 1)];
    const [dx, dy] = [after[0] - before[0], after[1] - before[1]];
    const half = (widths[i] ?? widths.at(-1) ?? 0) / 2 / (Math.hypot(dx, dy) || 1);
    left.push([x - dy * half, y + dx * half]);
    right.push([x + dy * half, y - dx * half]);
  }
  return shape([...left, ...right.toReversed()]);
}

/** A shape scaled about the middle of its points. */
export function scaled(points: Shape, scale: number): Shape {
  const cx = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const cy = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  return points.map(([x, y]): Point => [cx + (x - cx) * scale, cy + (y - cy) * scale]);
}

/** The smallest upright rectangle around the points of shapes. */
export function boxOf(shapes: readonly Shape[]): Box {
  const xs = shapes.flatMap((points) => points.map(([x]) => x));
  const ys = shapes.flatMap((points) => points.map(([, y]) => y));
  const [x, y] = [Math.min(...xs), Math.min(...ys)];
  return { x, y, width: Math.max(...xs) - x, height: Math.max(...ys) - y };
}

/** Whether two boxes share a place. */
export const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;

/** SVG path data of closed shapes, together one region. */
export const path = (...shapes: readonly Shape[]): string =>
  shapes.map((points) => `${spline(points, cyclic)}Z`).join("");

/** SVG path data of an open smooth line. */
export const line = (...points: readonly Point[]): string => spline(points, clamped);

/**
 * A number as SVG text: a tenth of a unit is fine enough to see, and coarse enough to be the same on every machine.
 * Written from integers, which JavaScript prints several times faster than fractions.
 */
export function num(value: number): string {
  const tenths = Math.round(Math.abs(value) * 10);
  const whole = Math.floor(tenths / 10);
  const digits = tenths % 10 === 0 ? String(whole) : `${whole}.${tenths % 10}`;
  return value < 0 ? `-${digits}` : digits;
}

/** Points as SVG path data. */
export const xy = (...points: readonly Point[]): string => points.map(([x, y]) => `${num(x)} ${num(y)}`).join(" ");

/** A Catmull–Rom spline through the points, as cubic Bézier curves; `get` tells what comes before the first and after the last. */
function spline(points: readonly Point[], get: (points: readonly Point[], i: number) => Point): string {
  const curves = points.slice(get === cyclic ? 0 : 1).map((_, i) => {
    const [before, from, to, after] = [get(points, i - 1), get(points, i), get(points, i + 1), get(points, i + 2)];
    const leave: Point = [from[0] + (to[0] - before[0]) / 6, from[1] + (to[1] - before[1]) / 6];
    const arrive: Point = [to[0] - (after[0] - from[0]) / 6, to[1] - (after[1] - from[1]) / 6];
    return `C${xy(leave, arrive, to)}`;
  });
  return `M${xy(get(points, 0))}${curves.join("")}`;
}

const cyclic = (points: readonly Point[], i: number): Point => points[(i + points.length) % points.length] as Point;

const clamped = (points: readonly Point[], i: number): Point =>
  points[Math.max(0, Math.min(points.length - 1, i))] as Point;

/** A filled path. */
export const fill = (d: string, color: string, opacity = 1): string =>
  `<path d="${d}" fill="${color}"${opacity < 1 ? ` fill-opacity="${opacity.toFixed(2)}"` : ""}/>`;

/** A stroked path. */
export const stroke = (d: string, color: string, width: number, opacity = 1): string =>
  `<path d="${d}" fill="none" stroke="${color}" stroke-width="${num(width)}" stroke-opacity="${opacity.toFixed(2)}"/>`;

/** Path data of an upright rectangle. */
export const slab = (x: number, y: number, width: number, height: number): string =>
  `M${num(x)} ${num(y)}h${num(width)}v${num(height)}h${num(-width)}z`;

/** Defines a gradient that runs down the shape it fills, from the first color to the last. */
export function gradient(id: string, ...colors: readonly string[]): string {
  const stops = colors.map((color, i) => `<stop offset="${num(i / (colors.length - 1))}" stop-color="${color}"/>`);
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${stops.join("")}</linearGradient>`;
}

/** An interval to draw from. */
export type Range = readonly [from: number, to: number];

/** Uniform in a range. */
export const between = (random: Random, [from, to]: Range): number => from + (to - from) * random.float();

/** True with the given probability. */
export const chance = (random: Random, probability: number): boolean => random.float() < probability;

/** One of the items, each as likely. */
export const pick = <T>(random: Random, items: readonly T[]): T => items[random.integer(items.length)] as T;

/** One of the items, as likely as its weight says. */
export function pickWeighted<T extends { weight: number }>(random: Random, items: readonly T[]): T {
  let left = random.float() * items.reduce((sum, item) => sum + item.weight, 0);
  for (const item of items) {
    left -= item.weight;
    if (left < 0) return item;
  }
  return items.at(-1) as T;
}

/** The results of `count` calls; a fraction is rounded. */
export const times = <T>(count: number, make: (index: number) => T): T[] =>
  Array.from({ length: Math.round(count) }, (_, index) => make(index));

/** A color: hue in degrees, saturation and lightness in percent. */
export type Color = readonly [hue: number, saturation: number, lightness: number];

/** CSS text of a color, `lighter` percent points lighter. */
export function css([hue, saturation, lightness]: Color, lighter = 0): string {
  return `hsl(${num((hue + 360) % 360)},${num(percent(saturation))}%,${num(percent(lightness + lighter))}%)`;
}

/** A color near another: no two animals, walls or meadows are quite the same. */
export function near(random: Random, [hue, saturation, lightness]: Color, spread = 1): Color {
  const off = (by: number): number => by * spread * random.normal();
  return [hue + off(6), saturation + off(6), lightness + off(4)];
}

/** A color of any hue. */
export const anyHue = (random: Random, saturation: number, lightness: number): Color =>
  near(random, [360 * random.float(), saturation, lightness]);

const percent = (value: number): number => Math.max(0, Math.min(100, value));
