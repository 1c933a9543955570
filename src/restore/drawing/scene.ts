import type { Random } from "../../numbers/random.ts";
import type { Species } from "./coat.ts";
import {
  anyHue,
  between,
  blob,
  type Color,
  chance,
  css,
  fill,
  gradient,
  near,
  num,
  oval,
  type Point,
  path,
  pick,
  slab,
  stroke,
  times,
  tube,
} from "./shapes.ts";

/** A canvas to paint a scene on, in pixels. */
export interface View {
  random: Random;
  width: number;
  height: number;
  /** A hundredth of the shorter side. */
  unit: number;
  /** Where floor meets wall, or land meets sky. */
  horizon: number;
}

/** Paints a ball or a bowl on the ground. */
export function toy({ random, width, height, unit, horizon }: View): string {
  const [x, y, r] = [width * random.float(), between(random, [horizon, height]), between(random, [3, 7]) * unit];
  const bowl = `M${num(x - r)} ${num(y - r * 0.5)}h${num(2 * r)}l${num(r * 0.5)} ${num(r * 0.9)}h${num(-3 * r)}z`;
  return fill(chance(random, 0.5) ? path(oval(x, y, r, r)) : bowl, css(anyHue(random, 65, 50)));
}

// biome-ignore format: a table
const SKIES: readonly Color[] = [
  [208, 60, 72], [205, 35, 82], // fair
  [215, 12, 75],                // overcast
  [28, 60, 76],                 // evening
  [225, 30, 35],                // dusk
];

// biome-ignore format: a table
const LANDS: readonly { color: Color; grass: boolean }[] = [
  { color: [95, 38, 40], grass: true }, { color: [80, 40, 45], grass: true }, { color: [110, 35, 28], grass: true },
  { color: [42, 45, 68], grass: false },  // sand
  { color: [210, 20, 90], grass: false }, // snow
  { color: [30, 8, 52], grass: false },   // pavement
  { color: [28, 40, 42], grass: false },  // earth
];

/** Paints a landscape: sky and land, and what grows and stands there. */
export function paintLandscape(view: View): string {
  const { random, width, height, unit, horizon } = view;
  const sky = near(random, pick(random, SKIES));
  const { color, grass } = pick(random, LANDS);
  const land = near(random, color);
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
  const color = anyHue(random, 35, 55);
  const corners: Point[] = [
    [width + 20, y],
    [width + 20, height + 20],
    [-20, height + 20],
    [-20, y],
  ];
  return fill(path([...edge, ...corners]), css(color)) + fill(path(tube(edge, [3 * unit])), css(color, 10));
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

// biome-ignore format: a table
const FLOORS: readonly Color[] = [
  [28, 40, 45], [25, 35, 30], [35, 30, 65], // wood
  [210, 8, 60], [15, 20, 50],               // tiles
  [340, 25, 40],                            // carpet
];

/** Paints a room: wall and floor, and what stands and hangs there. */
export function paintRoom(view: View): string {
  const { random, width, height, unit, horizon } = view;
  const wall = anyHue(random, between(random, [5, 28]), between(random, [40, 88]));
  const floor = near(random, pick(random, FLOORS));
  const parts = [gradient("wall", css(wall, 4), css(wall, -8)), fill(slab(0, 0, width, height), "url(#wall)")];
  if (chance(random, 0.25)) {
    const gap = between(random, [6, 14]) * unit;
    const wallpaper = times(width / gap, (i) => slab(i * gap, 0, gap * 0.4, Math.max(0, horizon)));
    parts.push(fill(wallpaper.join(""), css(wall, -7)));
  }
  parts.push(...times(random.integer(3), () => pick(random, [picture, windowPane, shelf, lamp])(view)));
  parts.push(gradient("floor", css(floor, -8), css(floor, 6)), fill(slab(0, horizon, width, height), "url(#floor)"));
  parts.push(fill(slab(0, horizon - 2 * unit, width, 2 * unit), css(wall, 12)));
  if (chance(random, 0.5)) parts.push(stroke(boards(view), css(floor, -18), 0.5 * unit, 0.6));
  if (chance(random, 0.35)) parts.push(sofa(view));
  else if (chance(random, 0.4)) {
    const rug = oval(width * random.float(), (horizon + height) / 2, width * 0.45, (height - horizon) * 0.35);
    parts.push(fill(path(rug), css(anyHue(random, 40, 45))));
  }
  if (chance(random, 0.3)) parts.push(toy(view));
  return parts.join("");
}

/** Lines between floor boards or tiles, in perspective. */
function boards({ width, height, horizon }: View): string {
  const across = times(8, (i) => `M0 ${num(horizon + (height - horizon) * (i / 8) ** 1.5)}h${num(width)}`);
  const along = times(7, (i) => `M${num(width * (i / 6))} ${num(horizon)}L${num(width * (i / 2 - 1))} ${num(height)}`);
  return [...across, ...along].join("");
}

function picture({ random, width, unit, horizon }: View): string {
  const [x, y] = [width * random.float() - 10 * unit, horizon * random.float() * 0.4];
  const [w, h] = [between(random, [15, 30]) * unit, between(random, [15, 30]) * unit];
  return [
    fill(slab(x, y, w, h), css(anyHue(random, 30, 25))),
    fill(slab(x + unit, y + unit, w - 2 * unit, h - 2 * unit), css(anyHue(random, 40, 65))),
    fill(path(blob(random, [x + w / 2, y + h / 2], w * 0.2)), css(anyHue(random, 50, 45))),
  ].join("");
}

function windowPane({ random, width, unit, horizon }: View): string {
  const [x, y] = [width * random.float() - 15 * unit, horizon * 0.08];
  const [w, h] = [between(random, [30, 55]) * unit, horizon * 0.7];
  // biome-ignore format: day, garden, night, evening
  const glass = pick<Color>(random, [[205, 60, 82], [110, 35, 60], [220, 40, 20], [45, 60, 88]]);
  const bars = slab(x + w / 2 - unit, y, 2 * unit, h) + slab(x, y + h / 2 - unit, w, 2 * unit);
  const frame = chance(random, 0.7) ? "#f3f0ea" : "#5a4030";
  const outer = fill(slab(x - 2 * unit, y - 2 * unit, w + 4 * unit, h + 4 * unit), frame);
  return outer + fill(slab(x, y, w, h), css(glass)) + fill(bars, frame);
}

function shelf({ random, width, unit, horizon }: View): string {
  const [x, y] = [width * random.float() - 20 * unit, horizon * between(random, [0.2, 0.6])];
  const books = times(9, (i) => {
    const tall = between(random, [9, 16]) * unit;
    return fill(slab(x + i * 4.5 * unit, y - tall, 4 * unit, tall), css(anyHue(random, 45, 45)));
  });
  return books.join("") + fill(slab(x - 2 * unit, y, 45 * unit, 2.5 * unit), "#6b4a30");
}

function lamp({ random, width, unit, horizon }: View): string {
  const x = width * random.float();
  const edge = num(5 * unit);
  const top = `M${num(x - 6 * unit)} ${num(horizon - 58 * unit)}h${num(12 * unit)}`;
  const shade = `${top}l${edge} ${num(16 * unit)}h${num(-22 * unit)}z`;
  return fill(slab(x - unit, horizon - 45 * unit, 2 * unit, 45 * unit), "#3c3733") + fill(shade, "#f7e3a8");
}

function sofa({ random, width, height, unit, horizon }: View): string {
  const color = anyHue(random, between(random, [5, 45]), between(random, [25, 70]));
  const top = horizon - between(random, [15, 40]) * unit;
  const soft = (x: number, y: number, wide: number, lighter: number, round: number): string =>
    `<rect x="${num(x)}" y="${num(y)}" width="${num(wide)}" height="${num(height)}" rx="${num(round * unit)}" fill="${css(color, lighter)}"/>`;
  const back = times(3, (i) =>
    soft((i - 0.5 + 0.1 * random.float()) * width * 0.5, top, width * 0.48, i % 2 ? 3 : 0, 8),
  );
  return back.join("") + soft(-5, horizon + 2 * unit, width + 10, 7, 5);
}

/** What surrounds an animal, as SVG. */
export interface Scene {
  behind: string;
  before: string;
}

/** Cats are more often seen indoors, dogs outdoors; either place tells little. */
const INDOORS: Record<Species, number> = { cat: 0.58, dog: 0.36 };
const OUT_OF_FOCUS = 0.15;

/**
 * Paints a room, a landscape or a blur behind the animal, and now and then something in front of it.
 * @param ground where the animal's feet stand, px from the top.
 */
export function paintScene(random: Random, width: number, height: number, ground: number, species: Species): Scene {
  const unit = Math.min(width, height) / 100;
  const view: View = { random, width, height, unit, horizon: ground - height * between(random, [0.04, 0.3]) };
  const before = (share: number, kinds: readonly ((view: View) => string)[]): string =>
    chance(random, share) ? pick(random, kinds)(view) : "";
  const place = random.float();
  if (place < OUT_OF_FOCUS) return { behind: paintBlur(view), before: before(0.1, [leaves]) };
  if (place < OUT_OF_FOCUS + INDOORS[species] * (1 - OUT_OF_FOCUS)) {
    return { behind: paintRoom(view), before: before(0.14, [blanket, carton, doorFrame]) };
  }
  return { behind: paintLandscape(view), before: before(0.15, [tallGrass, bars, leaves]) };
}

/** A background out of focus: discs of light. */
function paintBlur({ random, width, height, unit }: View): string {
  const base = anyHue(random, between(random, [5, 45]), between(random, [20, 70]));
  const discs = times(14, () => {
    const color = near(random, [base[0] + 40 * random.normal(), base[1] + 10, base[2] + 12], 2);
    const radius = between(random, [6, 22]) * unit;
    return fill(path(oval(width * random.float(), height * random.float(), radius, radius)), css(color), 0.3);
  });
  return (
    gradient("blur", css(base, 10), css(base, -12)) + fill(slab(0, 0, width, height), "url(#blur)") + discs.join("")
  );
}
