import { between, chance, pick, times } from "./choose.ts";
import { anyHue, type Colour, css, near } from "./colour.ts";
import { blob, num, oval, path } from "./shapes.ts";
import { fill, gradient, slab, stroke } from "./svg.ts";
import { toy } from "./toy.ts";
import type { View } from "./view.ts";

// biome-ignore format: a table
const FLOORS: readonly Colour[] = [
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
  const glass = pick<Colour>(random, [[205, 60, 82], [110, 35, 60], [220, 40, 20], [45, 60, 88]]);
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
  const colour = anyHue(random, between(random, [5, 45]), between(random, [25, 70]));
  const top = horizon - between(random, [15, 40]) * unit;
  const soft = (x: number, y: number, wide: number, lighter: number, round: number): string =>
    `<rect x="${num(x)}" y="${num(y)}" width="${num(wide)}" height="${num(height)}" rx="${num(round * unit)}" fill="${css(colour, lighter)}"/>`;
  const back = times(3, (i) =>
    soft((i - 0.5 + 0.1 * random.float()) * width * 0.5, top, width * 0.48, i % 2 ? 3 : 0, 8),
  );
  return back.join("") + soft(-5, horizon + 2 * unit, width + 10, 7, 5);
}
