import { between, chance, pick, times } from "./choose.ts";
import { anyHue, type Colour, css, near } from "./colour.ts";
import { blob, num, oval, path, tube } from "./shapes.ts";
import { fill, gradient, slab } from "./svg.ts";
import { toy } from "./toy.ts";
import type { View } from "./view.ts";

// biome-ignore format: a table
const SKIES: readonly Colour[] = [
  [208, 60, 72], [205, 35, 82], // fair
  [215, 12, 75],                // overcast
  [28, 60, 76],                 // evening
  [225, 30, 35],                // dusk
];

// biome-ignore format: a table
const LANDS: readonly { colour: Colour; grass: boolean }[] = [
  { colour: [95, 38, 40], grass: true }, { colour: [80, 40, 45], grass: true }, { colour: [110, 35, 28], grass: true },
  { colour: [42, 45, 68], grass: false },  // sand
  { colour: [210, 20, 90], grass: false }, // snow
  { colour: [30, 8, 52], grass: false },   // pavement
  { colour: [28, 40, 42], grass: false },  // earth
];

/** Paints a landscape: sky and land, and what grows and stands there. */
export function paintLandscape(view: View): string {
  const { random, width, height, unit, horizon } = view;
  const sky = near(random, pick(random, SKIES));
  const { colour, grass } = pick(random, LANDS);
  const land = near(random, colour);
  const parts = [gradient("sky", css(sky, -6), css(sky, 10)), fill(slab(0, 0, width, height), "url(#sky)")];
  if (chance(random, 0.5)) parts.push(clouds(view));
  if (chance(random, 0.4)) {
    const hills = times(3, (i) => oval(width * (i / 2), horizon, width * 0.4, horizon * between(random, [0.1, 0.4])));
    parts.push(fill(path(...hills), css(near(random, [130, 25, 45], 2))));
  }
  parts.push(...times(random.integer(4), () => pick(random, [tree, bushes, bushes, fence, house])(view)));
  parts.push(gradient("land", css(land, 6), css(land, -8)), fill(slab(0, horizon, width, height), "url(#land)"));
  if (grass) {
    parts.push(fill(blades(view, horizon, height, 70), css(land, -9), 0.8));
    parts.push(fill(blades(view, horizon, height, 45), css(land, 10), 0.8));
  } else {
    const stones = times(25, () => oval(...onLand(view), between(random, [0.6, 3]) * unit, unit));
    parts.push(fill(path(...stones), css(land, -10), 0.5));
  }
  if (chance(random, 0.2)) {
    const flowers = times(14, () => oval(...onLand(view), unit, unit));
    parts.push(fill(path(...flowers), css(anyHue(random, 75, 70))));
  }
  if (chance(random, 0.15)) parts.push(toy(view));
  return parts.join("");
}

/** Path data of blades of grass that grow between two heights, taller in front. */
export function blades({ random, width, unit }: View, top: number, bottom: number, count: number): string {
  const blade = (): string => {
    const [x, y] = [width * random.float(), between(random, [top, bottom])];
    const tall = (3 + (5 * (y - top)) / Math.max(1, bottom - top)) * unit;
    const bend = 0.3 * tall * random.normal();
    return `M${num(x)} ${num(y)}h${num(unit)}l${num(bend)} ${num(-tall)}z`;
  };
  return times(count, blade).join("");
}

const onLand = ({ random, width, height, horizon }: View): [number, number] => [
  width * random.float(),
  between(random, [horizon, height]),
];

function clouds({ random, width, unit, horizon }: View): string {
  const cloud = () =>
    oval(
      width * random.float(),
      horizon * 0.5 * random.float(),
      between(random, [8, 22]) * unit,
      between(random, [3, 7]) * unit,
    );
  return fill(path(...times(5, cloud)), "#fff", 0.6);
}

function tree({ random, width, unit, horizon }: View): string {
  const [x, top] = [width * random.float(), horizon - between(random, [25, 60]) * unit];
  const off = (): number => 7 * unit * random.normal();
  const crown = times(4, () => blob(random, [x + off(), top + off()], between(random, [10, 18]) * unit));
  // biome-ignore format: from the ground up
  const trunk = tube([[x, horizon + unit], [x, top]], [5 * unit, 3 * unit]);
  return fill(path(trunk), "#5b4332") + fill(path(...crown), css(near(random, [105, 35, 32], 2)));
}

function bushes({ random, width, unit, horizon }: View): string {
  const shapes = times(4, () => blob(random, [width * random.float(), horizon], between(random, [6, 16]) * unit));
  return fill(path(...shapes), css(near(random, [110, 35, 30], 2)));
}

function fence({ random, width, unit, horizon }: View): string {
  const [gap, tall] = [between(random, [6, 10]) * unit, between(random, [15, 35]) * unit];
  const pales = times(width / gap + 1, (i) => slab(i * gap, horizon - tall, gap * 0.6, tall + 2 * unit));
  const rail = slab(0, horizon - tall * 0.7, width, 2.5 * unit);
  return fill(pales.join("") + rail, pick(random, ["#efe9df", "#7a5a40", "#8b8f8a"]));
}

function house({ random, width, unit, horizon }: View): string {
  const [w, h] = [between(random, [35, 60]) * unit, between(random, [25, 40]) * unit];
  const x = width * random.float() - 20 * unit;
  const eaves = `M${num(x - 3 * unit)} ${num(horizon - h)}`;
  const roof = `${eaves}L${num(x + w / 2)} ${num(horizon - h * 1.6)}L${num(x + w + 3 * unit)} ${num(horizon - h)}z`;
  return [
    fill(slab(x, horizon - h, w, h + unit), css(anyHue(random, 25, 65))),
    fill(roof, css(anyHue(random, 35, 35))),
    fill(slab(x + w * 0.2, horizon - h * 0.7, w * 0.2, h * 0.3), "#3c4652"),
  ].join("");
}
