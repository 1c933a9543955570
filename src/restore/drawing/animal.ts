// biome-ignore-all format: outlines are tables of points
import type { Random } from "../../numbers/random.ts";
import { type Animal, bodyMarks, chooseAnimal, fur, type Mark, type Species, tipColor } from "./coat.ts";
import { drawFace, drawProfile } from "./face.ts";
import { paintScene } from "./scene.ts";
import { type Box, between, boxOf, chance, css, fill, num, oval, overlap, type Point, path, pick, pickWeighted, type Shape, shape, slab, stroke, symmetric, tube } from "./shapes.ts";


/** Shapes of one depth. */
interface Part {
  shapes: Shape[];
  /** Percent points darker than the coat. */
  shade?: number;
  /** In the color of the tips, without markings: the tail. */
  tip?: boolean;
}

/** An animal's body in a pose, standing on y = 0, facing right; parts from back to front, then the head. */
export interface Figure {
  parts: Part[];
  head: Point;
  views: readonly HeadView[];
}

/** Where the face looks: at the viewer, along the body, or away. */
export type HeadView = "front" | "profile" | "back" | "asleep";

const POSES = [
  { cat: 20, dog: 34, draw: standing },
  { cat: 18, dog: 18, draw: sittingSideways },
  { cat: 28, dog: 28, draw: sittingInFront },
  { cat: 20, dog: 14, draw: lying },
  { cat: 9, dog: 2, draw: curled },
  { cat: 5, dog: 4, draw: fromBehind },
];

/** Puts an animal into a pose. */
export const choosePose = (random: Random, animal: Animal): Figure => pickWeighted(random, POSES.map((pose) => ({ draw: pose.draw, weight: pose[animal.species] }))).draw(random, animal);

function standing(random: Random, a: Animal): Figure {
  const { leg: G, depth: D, length: L, legWidth: w } = a;
  const top = (share: number): number => -(G + D * share);
  const step = between(random, [-0.22, 0.22]) * G;
  const foreleg = (swing: number): Shape[] => [
    tube([[0.36 * L, top(0.4)], [0.37 * L + swing * 0.4, -0.5 * G], [0.37 * L + swing, -4]], [w * 2, w * 1.15, w]),
    paw(0.37 * L + swing, w),
  ];
  const hindleg = (swing: number): Shape[] => [
    tube([[-0.36 * L, top(0.45)], [-0.34 * L + swing * 0.3, -0.75 * G], [-0.46 * L + swing * 0.7, -0.38 * G], [-0.42 * L + swing, -4]], [w * 3, w * 2, w, w]),
    paw(-0.42 * L + swing, w),
  ];
  const low = chance(random, 0.2);
  const head: Point = low ? [0.6 * L + a.neck * 0.6, top(0.35)] : [0.46 * L + a.neck * between(random, [0.45, 0.8]), top(0.95) - a.neck * between(random, [0.5, 0.95])];
  const trunk = shape([
    [0.5 * L, top(0.55)], [0.42 * L, top(0.96)], [0.1 * L, top(0.92)], [-0.3 * L, top(1)], [-0.5 * L, top(0.75)],
    [-0.48 * L, top(0.3)], [-0.2 * L, top(0.16)], [0.2 * L, top(0.02)], [0.43 * L, top(0.12)],
  ]);
  return {
    parts: [
      { shapes: [tail(random, a, [-0.44 * L, top(0.8)])], tip: true },
      { shapes: [...foreleg(-step + 6), ...hindleg(step + 6)], shade: 10 },
      { shapes: [trunk, tube([[0.32 * L, top(0.6)], [head[0] - 6, head[1] + 8]], [D * 0.75, 34 * a.headSize]), ...foreleg(step), ...hindleg(-step)] },
    ],
    head,
    views: ["profile", "front"],
  };
}

function sittingSideways(random: Random, a: Animal): Figure {
  const { depth: D, legWidth: w } = a;
  const L = a.length * 0.9;
  const lean = between(random, [0.2, 0.32]) * L;
  const shoulder: Point = [lean, -0.72 * L];
  const head: Point = [shoulder[0] + a.neck * 0.35, shoulder[1] - a.neck * 0.9 - 6];
  const trunk = tube([[-0.16 * L, -0.16 * L], [0, -0.45 * L], shoulder, [head[0] - 2, head[1] + 12]], [D * 1.15, D * 1.1, D * 0.85, 34 * a.headSize]);
  const foreleg = (shift: number): Shape[] => [
    tube([[lean * 1.05 + shift, -0.6 * L], [lean * 1.25 + shift, -0.3 * L], [lean * 1.25 + shift, -4]], [w * 1.9, w * 1.2, w]),
    paw(lean * 1.25 + shift, w),
  ];
  return {
    parts: [
      { shapes: [tail(random, a, [-0.16 * L - D * 0.25, -0.08 * L])], tip: true },
      { shapes: foreleg(9), shade: 9 },
      { shapes: [trunk, ...foreleg(0)] },
      { shapes: [oval(-0.06 * L, -0.2 * L, D * 0.52, D * 0.45, -35), oval(0.12 * L, -w * 0.5, w * 2, w * 0.6)], shade: -1 },
    ],
    head,
    views: ["profile", "front", "front"],
  };
}

function sittingInFront(random: Random, a: Animal): Figure {
  const { depth: D, legWidth: w } = a;
  const H = a.length * 0.78;
  const spread = between(random, [0.17, 0.24]) * D;
  const pear = symmetric([[0, -1.05 * H], [0.34 * D, -0.98 * H], [0.5 * D, -0.65 * H], [0.66 * D, -0.25 * H], [0.5 * D, -3]]);
  const foreleg = (x: number): Shape[] => [tube([[x * 1.2, -0.6 * H], [x * 1.1, -0.3 * H], [x, -4]], [w * 1.6, w * 1.25, w * 1.15]), oval(x, -w * 0.5, w * 0.85, w * 0.6)];
  return {
    parts: [
      { shapes: [tail(random, a, [-0.3 * D, -9])], tip: true },
      { shapes: [pear, oval(0.62 * D, -w * 0.5, w * 1.3, w * 0.65), oval(-0.62 * D, -w * 0.5, w * 1.3, w * 0.65)] },
      { shapes: [...foreleg(-spread), ...foreleg(spread)], shade: -3 },
    ],
    head: [between(random, [-4, 4]), -H - a.neck * 0.75],
    views: ["front", "front", "front", "profile"],
  };
}

function lying(random: Random, a: Animal): Figure {
  const { depth: D, length: L, legWidth: w } = a;
  const trunk = shape([[0.48 * L, -0.3 * D], [0.4 * L, -0.8 * D], [0, -0.82 * D], [-0.36 * L, -0.86 * D], [-0.56 * L, -0.42 * D], [-0.5 * L, -2], [0.44 * L, -2]]);
  const reach = 0.45 * L + a.leg * between(random, [0.15, 0.8]);
  const head: Point = [0.46 * L + a.neck * 0.3, -0.72 * D - a.neck * between(random, [0.1, 1])];
  return {
    parts: [
      { shapes: [tail(random, a, [-0.45 * L, -0.2 * D])], tip: true },
      { shapes: [tube([[0.36 * L, -0.25 * D], [reach + 8, -w * 0.9]], [w * 1.5, w * 1.1])], shade: 9 },
      { shapes: [trunk, tube([[0.3 * L, -0.5 * D], [head[0] - 4, head[1] + 6]], [D * 0.75, 36 * a.headSize])] },
      { shapes: [oval(-0.3 * L, -0.36 * D, D * 0.48, D * 0.38, -15), oval(-0.12 * L, -w * 0.5, w * 2.2, w * 0.6)], shade: -1 },
      { shapes: [tube([[0.34 * L, -0.18 * D], [reach, -w * 0.6]], [w * 1.5, w * 1.1]), oval(reach, -w * 0.6, w, w * 0.62)], shade: -2 },
    ],
    head,
    views: ["front", "profile", "front"],
  };
}

function curled(random: Random, a: Animal): Figure {
  const R = a.length * 0.5;
  const course: Point[] = [[-0.9 * R, -0.3 * R], [-0.5 * R, -0.12 * R], [0.1 * R, -0.1 * R], [0.6 * R, -0.22 * R]];
  const wrap = tube(course.slice(0, a.tail > 60 ? 4 : 2), [a.tailWidth, a.tailWidth * 1.2, a.tailWidth, a.tailWidth * 0.6]);
  return {
    parts: [{ shapes: [oval(0, -0.44 * R, R, 0.46 * R), oval(-0.4 * R, -0.5 * R, 0.55 * R, 0.45 * R)] }, { shapes: [wrap], tip: true }],
    head: [0.6 * R, between(random, [-0.5, -0.35]) * R],
    views: ["asleep"],
  };
}

function fromBehind(random: Random, a: Animal): Figure {
  const D = a.depth;
  const H = a.length * 0.74;
  const pear = symmetric([[0, -1.02 * H], [0.32 * D, -0.95 * H], [0.46 * D, -0.65 * H], [0.72 * D, -0.25 * H], [0.6 * D, -3]]);
  return {
    parts: [{ shapes: [pear] }, { shapes: [tail(random, a, [-0.1 * D, -a.tailWidth])], tip: true, shade: 5 }],
    head: [between(random, [-5, 5]), -H - a.neck * 0.6],
    views: ["back", "back", "profile"],
  };
}

const paw = (x: number, width: number): Shape => oval(x + width * 0.35, -width * 0.45, width * 0.95, width * 0.55);

/** A tail that leaves the body to the left: cats carry it high with a hook or low in an arc, dogs hanging, raised or rolled up. */
function tail(random: Random, a: Animal, [x, y]: Point): Shape {
  const T = a.tail;
  const courses: Record<Animal["species"], readonly (readonly Point[])[]> = {
    cat: [
      [[0, 0], [-0.25, -0.15], [-0.28, -0.5], [-0.2, -0.85], [-0.3, -1]],
      [[0, 0], [-0.3, 0.05], [-0.55, -0.2], [-0.6, -0.55], [-0.75, -0.7]],
      [[0, 0], [-0.25, 0.12], [-0.55, 0.1], [-0.8, -0.05], [-0.95, -0.02]],
    ],
    dog: [
      [[0, 0], [-0.2, 0.15], [-0.32, 0.4], [-0.42, 0.6]],
      [[0, 0], [-0.3, -0.2], [-0.55, -0.5], [-0.7, -0.7]],
      [[0, 0], [-0.22, -0.3], [0, -0.6], [0.3, -0.45]],
    ],
  };
  const course = courses[a.species][random.integer(3)] as readonly Point[];
  const w = a.tailWidth;
  return tube(course.map(([u, v]): Point => [x + u * T, Math.min(y + v * T, -w / 2)]), [w, w * 1.1, w * 1.1, w * 0.9, w * 0.6]);
}

/** The box around a head, ears included. */
export const headBox = (figure: Figure, animal: Animal): Box => boxOf([headRoom(figure, animal)]);

/** The box around the whole animal. */
export const figureBox = (figure: Figure, animal: Animal): Box =>
  boxOf([...figure.parts.flatMap(({ shapes }) => shapes), headRoom(figure, animal)]);

const headRoom = ({ head: [x, y] }: Figure, { headSize }: Animal): Shape =>
  oval(x, y - 6, 46 * headSize, 46 * headSize);

/**
 * Draws an animal in its pose, its shadow under it.
 * @param detail pixels a drawing unit.
 * @param visible what of the drawing is on the canvas: the rest would only cost time.
 */
export function drawFigure(random: Random, animal: Animal, figure: Figure, detail: number, visible: Box): string {
  const { parts, head, views } = figure;
  const { coat, shag, headSize } = animal;
  const whole = boxOf(parts.flatMap(({ shapes }) => shapes));
  const trunk = boxOf(parts.filter(({ tip }) => !tip).flatMap(({ shapes }) => shapes));
  const marks = bodyMarks(random, coat, trunk);
  const body = parts.map(({ shapes, shade = 0, tip }, i) => {
    const seen = shapes.filter((points) => overlap(boxOf([points]), visible));
    if (seen.length === 0) return "";
    const [hue, saturation, lightness] = tip ? tipColor(coat) : coat.base;
    const markings = tip ? "" : drawMarks(marks, boxOf(seen), shade);
    return fur(random, seen, [hue, saturation, lightness - shade], `p${i}`, { shag, detail }, markings);
  });
  const view = pick(random, views);
  const look = { shag, detail: detail * headSize };
  const place = `translate(${num(head[0])} ${num(head[1])}) rotate(${num(9 * random.normal())}) scale(${headSize.toFixed(3)})`;
  return [
    fill(path(oval(whole.x + whole.width / 2, -2, whole.width * 0.52, 9)), "#000", 0.25),
    ...body,
    `<g transform="${place}">`,
    animal.collar === undefined
      ? ""
      : stroke("M-19 20Q0 34 19 20", animal.collar, 6) + fill(path(oval(0, 31, 3.5, 3.5)), "#e8c860"),
    view === "profile" ? drawProfile(random, animal, look) : drawFace(random, animal, look, view),
    "</g>",
  ].join("");
}

/** Draws those of the marks that reach into a box; `shade` in percent points of lightness. */
function drawMarks(marks: readonly Mark[], box: Box, shade: number): string {
  return marks
    .map(({ shapes, color, opacity }) => {
      const seen = shapes.filter((points) => overlap(boxOf([points]), box));
      return seen.length === 0 ? "" : fill(path(...seen), css(color, -shade), opacity);
    })
    .join("");
}

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
  const color = kind < 0.2 ? "#ffe9b0" : "#000";
  const from = `x1="${chance(random, 0.5) ? 0 : 1}" y1="${num(random.float())}" x2="0.5" y2="1"`;
  const opacity = between(random, [0.1, 0.45]).toFixed(2);
  const stops = `<stop offset="0" stop-color="${color}" stop-opacity="${opacity}"/><stop offset="1" stop-color="${color}" stop-opacity="0"/>`;
  return `<linearGradient id="light" ${from}>${stops}</linearGradient>${fill(slab(0, 0, width, height), "url(#light)")}`;
}
