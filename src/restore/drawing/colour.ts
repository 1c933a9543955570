import type { Random } from "../../numbers/random.ts";
import { num } from "./shapes.ts";

/** A colour: hue in degrees, saturation and lightness in percent. */
export type Colour = readonly [hue: number, saturation: number, lightness: number];

/** CSS text of a colour, `lighter` percent points lighter. */
export function css([hue, saturation, lightness]: Colour, lighter = 0): string {
  return `hsl(${num((hue + 360) % 360)},${num(percent(saturation))}%,${num(percent(lightness + lighter))}%)`;
}

/** A colour near another: no two animals, walls or meadows are quite the same. */
export function near(random: Random, [hue, saturation, lightness]: Colour, spread = 1): Colour {
  const off = (by: number): number => by * spread * random.normal();
  return [hue + off(6), saturation + off(6), lightness + off(4)];
}

/** A colour of any hue. */
export const anyHue = (random: Random, saturation: number, lightness: number): Colour =>
  near(random, [360 * random.float(), saturation, lightness]);

const percent = (value: number): number => Math.max(0, Math.min(100, value));
