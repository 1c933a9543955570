import type { Random } from "../../numbers/random.ts";
import { choosePose } from "./body.ts";
import { chooseAnimal, type Species } from "./breeds.ts";
import { between, chance, pickWeighted } from "./choose.ts";
import { drawFigure, figureBox, headBox } from "./figure.ts";
import { paintScene } from "./scene.ts";
import { num } from "./shapes.ts";
import { fill, slab } from "./svg.ts";

/** A picture as SVG text, with its size in pixels. */
export interface Drawing {
  svg: string;
  width: number;
  height: number;
}

/** The shortest and the longest side that a picture can have, px. */
export const SIDES = { min: 150, max: 500 } as const;

/** How the picture is framed: the share of the canvas that the whole animal, or its head alone, fills. */
const FRAMINGS = [
  { weight: 37, of: figureBox, fill: [0.75, 1] },
  { weight: 46, of: headBox, fill: [0.62, 1.05] },
  { weight: 12, of: figureBox, fill: [1, 1.4] }, // cut off by the edge
  { weight: 5, of: figureBox, fill: [0.35, 0.6] }, // far away
] as const;

/** Draws a cat or a dog, somewhere, doing something: the generator chooses all of it, and nothing else does. */
export function drawAnimal(random: Random, species: Species): Drawing {
  const [width, height] = chooseSize(random);
  const animal = chooseAnimal(random, species);
  const figure = choosePose(random, animal);
  const framing = pickWeighted(random, FRAMINGS);
  const box = framing.of(figure, animal);
  const scale = between(random, framing.fill) * Math.min(width / box.width, height / box.height);
  const facing = chance(random, 0.5) ? 1 : -1;
  const off = (room: number): number => room * between(random, [-0.35, 0.35]);
  const x = width / 2 - facing * scale * (box.x + box.width / 2) + off(width - scale * box.width);
  const y = height / 2 - scale * (box.y + box.height / 2) + off(height - scale * box.height);
  const scene = paintScene(random, width, height, Math.min(y, height), species);
  const [left, right] = [-x / (facing * scale), (width - x) / (facing * scale)];
  const visible = {
    x: Math.min(left, right) - MARGIN,
    y: -y / scale - MARGIN,
    width: width / scale + 2 * MARGIN,
    height: height / scale + 2 * MARGIN,
  };
  const place = `translate(${num(x)} ${num(y)}) scale(${(facing * scale).toFixed(4)} ${scale.toFixed(4)}) rotate(${num(3 * random.normal())})`;
  const svg = [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">`,
    scene.behind,
    `<g transform="${place}">${drawFigure(random, animal, figure, Math.min(scale, MOST_DETAIL), visible)}</g>`,
    scene.before,
    light(random, width, height),
    "</svg>",
  ].join("");
  return { svg, width, height };
}

/** Pixels a drawing unit beyond which no more hairs are drawn: they cost the most time. */
const MOST_DETAIL = 1.6;
/** Drawing units around the canvas that its slant and long hair can bring into view. */
const MARGIN = 20;

/** Small pictures are likelier than large ones, and landscape likelier than portrait. */
function chooseSize(random: Random): [width: number, height: number] {
  const long = Math.round(170 + (SIDES.max - 170) * random.float() ** 3);
  const short = Math.max(SIDES.min, Math.round(long * between(random, [0.6, 1])));
  return chance(random, 0.65) ? [long, short] : [short, long];
}

/** Sunlight or shade that falls in from above, or none. */
function light(random: Random, width: number, height: number): string {
  const kind = random.float();
  if (kind > 0.55) return "";
  const colour = kind < 0.2 ? "#ffe9b0" : "#000";
  const from = `x1="${chance(random, 0.5) ? 0 : 1}" y1="${num(random.float())}" x2="0.5" y2="1"`;
  const opacity = between(random, [0.1, 0.45]).toFixed(2);
  const stops = `<stop offset="0" stop-color="${colour}" stop-opacity="${opacity}"/><stop offset="1" stop-color="${colour}" stop-opacity="0"/>`;
  return `<linearGradient id="light" ${from}>${stops}</linearGradient>${fill(slab(0, 0, width, height), "url(#light)")}`;
}
