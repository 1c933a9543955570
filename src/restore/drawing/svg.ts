import { num } from "./shapes.ts";

/** A filled path. */
export const fill = (d: string, colour: string, opacity = 1): string =>
  `<path d="${d}" fill="${colour}"${opacity < 1 ? ` fill-opacity="${opacity.toFixed(2)}"` : ""}/>`;

/** A stroked path. */
export const stroke = (d: string, colour: string, width: number, opacity = 1): string =>
  `<path d="${d}" fill="none" stroke="${colour}" stroke-width="${num(width)}" stroke-opacity="${opacity.toFixed(2)}"/>`;

/** Path data of an upright rectangle. */
export const slab = (x: number, y: number, width: number, height: number): string =>
  `M${num(x)} ${num(y)}h${num(width)}v${num(height)}h${num(-width)}z`;

/** Defines a gradient that runs down the shape it fills, from the first colour to the last. */
export function gradient(id: string, ...colours: readonly string[]): string {
  const stops = colours.map((colour, i) => `<stop offset="${num(i / (colours.length - 1))}" stop-color="${colour}"/>`);
  return `<linearGradient id="${id}" x1="0" y1="0" x2="0" y2="1">${stops.join("")}</linearGradient>`;
}
