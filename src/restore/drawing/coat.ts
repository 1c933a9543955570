import type { Random } from "../../numbers/random.ts";
import {
  type Box,
  between,
  blob,
  boxOf,
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
  pickWeighted,
  type Range,
  type Shape,
  times,
  tube,
  xy,
} from "./shapes.ts";

/** The colors and markings of an animal. */
export interface Coat {
  base: Color;
  /** The color of stripes, spots, patches, saddle, mask. */
  second: Color;
  marking: (typeof MARKINGS)[number]["name"];
  /** White chest, belly, paws and muzzle. */
  white: boolean;
}

/** The color of white chests, blazes and paws. */
export const WHITE: Color = [40, 20, 93];

// biome-ignore format: a table
const COLOURS: readonly Color[] = [
  [25, 8, 13],  // black
  [220, 6, 26], // charcoal
  [215, 7, 48], // grey
  [210, 6, 70], // silver
  [40, 18, 90], // white
  [40, 42, 78], // cream
  [27, 62, 50], // ginger
  [17, 48, 33], // chestnut
  [24, 38, 25], // brown
  [35, 36, 58], // sand
  [35, 58, 58], // golden
];

const MARKINGS = [
  { name: "plain", cat: 28, dog: 30 },
  { name: "striped", cat: 32, dog: 14 },
  { name: "patched", cat: 18, dog: 24 },
  { name: "spotted", cat: 7, dog: 10 },
  { name: "saddled", cat: 5, dog: 12 },
  { name: "masked", cat: 10, dog: 10 },
] as const;

/**
 * Draws lots for a coat. Cats and dogs share one wardrobe and wear all of it, stripes more often on cats: a coat alone
 * tells little.
 */
export function chooseCoat(random: Random, species: Species): Coat {
  const base = near(random, pick(random, COLOURS));
  const marking = pickWeighted(
    random,
    MARKINGS.map(({ name, [species]: weight }) => ({ name, weight })),
  ).name;
  const [hue, saturation, lightness] = base;
  const shade: Color = [
    hue - 4,
    saturation,
    lightness > 30 ? lightness * between(random, [0.25, 0.6]) : lightness + 14,
  ];
  const other = marking === "patched" || marking === "spotted";
  return { base, second: other ? near(random, pick(random, COLOURS)) : shade, marking, white: chance(random, 0.28) };
}

/** The color of ears and tail. */
export const tipColor = ({ marking, base, second }: Coat): Color =>
  marking === "masked" || marking === "patched" ? second : base;

/** Shapes of one color on a coat. */
export interface Mark {
  shapes: Shape[];
  color: Color;
  opacity: number;
}

/** The markings of trunk and limbs, all over a box. */
export function bodyMarks(random: Random, coat: Coat, box: Box): Mark[] {
  const { x, y, width, height } = box;
  const size = Math.min(width, height);
  const at = (right: number, down: number): Point => [x + width * right, y + height * down];
  const anywhere = (): Point => at(random.float(), random.float());
  const draw: Record<Coat["marking"], () => Mark[]> = {
    plain: () => [],
    striped: () => [{ shapes: stripes(random, box), color: coat.second, opacity: 0.8 }],
    patched: () => {
      const patch = () => blob(random, anywhere(), size * between(random, [0.22, 0.42]));
      return [{ shapes: times(between(random, [3, 7]), patch), color: coat.second, opacity: 1 }];
    },
    spotted: () => {
      const spot = () => oval(...anywhere(), between(random, [2, 5]), between(random, [2, 4]));
      return [{ shapes: times(60, spot), color: coat.second, opacity: 0.85 }];
    },
    saddled: () => {
      const saddle = [blob(random, at(0.45, 0.1), size * 0.55), blob(random, at(0.25, 0.15), size * 0.45)];
      return [{ shapes: saddle, color: coat.second, opacity: 1 }];
    },
    masked: () => [{ shapes: [oval(...at(0.5, 1.1), width * 0.8, height * 0.4)], color: coat.second, opacity: 0.6 }],
  };
  const belly = [
    oval(...at(0.75, 0.95), width * 0.4, height * 0.42),
    oval(...at(0.3, 1.02), width * 0.4, height * 0.2),
  ];
  return [...draw[coat.marking](), ...(coat.white ? [{ shapes: belly, color: WHITE, opacity: 1 }] : [])];
}

function stripes(random: Random, { x, y, width, height }: Box): Shape[] {
  const gap = between(random, [8, 12]);
  return times(width / gap, (i) => {
    const from = x + (i + 0.5 * random.float()) * gap;
    const bold = gap * between(random, [0.35, 0.6]);
    const down = between(random, [0.4, 0.9]);
    const course: Point[] = [
      [from + 5, y - 2],
      [from, y + height * 0.25],
      [from + 4, y + height * down],
    ];
    return tube(course, [bold, bold, 0.5]);
  });
}

/** The two kinds of animal there are to draw. */
export type Species = "cat" | "dog";

/** What one animal looks like. Lengths are in drawing units; an adult's head has a radius of about 30. */
export interface Animal {
  species: Species;
  coat: Coat;
  ears: "pointed" | "folded" | "hanging";
  earLength: number;
  /** How far the muzzle stands out in front of the skull. */
  muzzle: number;
  /** Width of the face as a share of its height. */
  faceWidth: number;
  /** Magnification of the head: young animals have large ones. */
  headSize: number;
  eyeSize: number;
  eyeColor: string;
  whiskers: number;
  tongueOut: boolean;
  /** Length and depth of the trunk; lengths of leg, neck and tail; widths of leg and tail. */
  length: number;
  depth: number;
  leg: number;
  legWidth: number;
  neck: number;
  tail: number;
  tailWidth: number;
  /** 0 smooth … 1 long-haired. */
  shag: number;
  collar: string | undefined;
}

interface Breed {
  weight: number;
  ears: Animal["ears"];
  earLength: Range;
  muzzle: Range;
  faceWidth: Range;
  headSize: Range;
  eyeSize: Range;
  length: Range;
  depth: Range;
  leg: Range;
  neck: Range;
  tail: Range;
  tailWidth: Range;
  shag: Range;
}

// biome-ignore format: a table reads best as a table
const BREEDS: Record<Species, readonly Breed[]> = {
  cat: [
    // house cat
    { weight: 58, ears: "pointed", earLength: [22, 30], muzzle: [5, 9],  faceWidth: [1.05, 1.2],  headSize: [0.9, 1.15],  eyeSize: [6.5, 8.5], length: [95, 120],  depth: [38, 50], leg: [34, 46], neck: [16, 26], tail: [80, 115], tailWidth: [8, 12],  shag: [0, 0.4] },
    // long-haired, flat-faced
    { weight: 20, ears: "pointed", earLength: [16, 22], muzzle: [2, 5],  faceWidth: [1.15, 1.3],  headSize: [1, 1.2],     eyeSize: [7, 9],     length: [95, 115],  depth: [48, 60], leg: [28, 38], neck: [12, 20], tail: [75, 100], tailWidth: [18, 30], shag: [0.7, 1] },
    // slender, large-eared
    { weight: 15, ears: "pointed", earLength: [30, 40], muzzle: [8, 14], faceWidth: [0.9, 1.02],  headSize: [0.8, 0.95],  eyeSize: [6, 7.5],   length: [95, 125],  depth: [32, 40], leg: [44, 56], neck: [22, 32], tail: [95, 125], tailWidth: [6, 9],   shag: [0, 0.15] },
    // fold-eared
    { weight: 6, ears: "folded",  earLength: [15, 20], muzzle: [4, 8],  faceWidth: [1.1, 1.25],  headSize: [1, 1.2],     eyeSize: [7.5, 9.5], length: [90, 110],  depth: [42, 52], leg: [32, 42], neck: [14, 22], tail: [75, 100], tailWidth: [9, 14],  shag: [0.2, 0.7] },
  ],
  dog: [
    // hound, retriever
    { weight: 44, ears: "hanging", earLength: [30, 46], muzzle: [20, 34], faceWidth: [0.82, 1],    headSize: [0.8, 1.05],  eyeSize: [3.8, 5.2], length: [110, 145], depth: [48, 64], leg: [48, 70], neck: [24, 40], tail: [60, 90],  tailWidth: [8, 16],  shag: [0, 0.6] },
    // terrier, spaniel
    { weight: 20, ears: "folded",  earLength: [18, 28], muzzle: [16, 26], faceWidth: [0.9, 1.08],  headSize: [0.9, 1.15],  eyeSize: [4.2, 6],   length: [95, 120],  depth: [40, 54], leg: [34, 50], neck: [20, 32], tail: [30, 60],  tailWidth: [8, 14],  shag: [0.3, 1] },
    // shepherd, husky
    { weight: 10, ears: "pointed", earLength: [26, 36], muzzle: [22, 34], faceWidth: [0.88, 1.02], headSize: [0.85, 1.05], eyeSize: [3.8, 5.2], length: [115, 145], depth: [50, 64], leg: [48, 66], neck: [24, 38], tail: [65, 90],  tailWidth: [14, 24], shag: [0.3, 0.9] },
    // pug, bulldog
    { weight: 11, ears: "folded",  earLength: [13, 18], muzzle: [5, 11],  faceWidth: [1.05, 1.2],  headSize: [1, 1.25],    eyeSize: [5.5, 7.5], length: [90, 110],  depth: [48, 60], leg: [30, 40], neck: [14, 22], tail: [18, 32],  tailWidth: [7, 11],  shag: [0, 0.2] },
    // dachshund
    { weight: 8,  ears: "hanging", earLength: [28, 40], muzzle: [24, 34], faceWidth: [0.8, 0.92],  headSize: [0.8, 0.95],  eyeSize: [4, 5.2],   length: [135, 165], depth: [36, 44], leg: [15, 24], neck: [20, 30], tail: [50, 75],  tailWidth: [6, 9],   shag: [0, 0.3] },
    // lap dog
    { weight: 4,  ears: "pointed", earLength: [22, 32], muzzle: [8, 14],  faceWidth: [0.98, 1.12], headSize: [1, 1.2],     eyeSize: [6, 7.5],   length: [85, 105],  depth: [36, 46], leg: [32, 44], neck: [16, 26], tail: [40, 70],  tailWidth: [8, 20],  shag: [0, 0.9] },
  ],
};

const EYES: Record<Species, readonly Color[]> = {
  cat: [
    [95, 45, 50],
    [55, 75, 52],
    [75, 55, 50],
    [38, 80, 48],
    [25, 75, 42],
    [200, 60, 62],
  ],
  dog: [
    [22, 55, 20],
    [20, 45, 14],
    [28, 60, 28],
    [33, 60, 38],
    [200, 45, 65],
  ],
};

const COLLARS = ["#c62828", "#1565c0", "#2e7d32", "#212121", "#ef6c00", "#8e24aa", "#d4af37", "#e91e63"];

/** Draws lots for an animal of a species. */
export function chooseAnimal(random: Random, species: Species): Animal {
  const breed = pickWeighted(random, BREEDS[species]);
  const young = chance(random, 0.18);
  const leg = between(random, breed.leg) * (young ? 0.75 : 1);
  const depth = between(random, breed.depth);
  return {
    species,
    coat: chooseCoat(random, species),
    ears: breed.ears,
    earLength: between(random, breed.earLength),
    muzzle: between(random, breed.muzzle) * (young ? 0.7 : 1),
    faceWidth: between(random, breed.faceWidth),
    headSize: between(random, breed.headSize) * (young ? 1.25 : 1),
    eyeSize: between(random, breed.eyeSize) * (young ? 1.1 : 1),
    eyeColor: css(near(random, pick(random, EYES[species]), 0.6)),
    whiskers: species === "cat" ? between(random, [22, 40]) : chance(random, 0.3) ? between(random, [8, 20]) : 0,
    tongueOut: chance(random, species === "dog" ? 0.6 : 0.03),
    length: between(random, breed.length) * (young ? 0.75 : 1),
    depth: depth * (young ? 0.85 : 1),
    leg,
    legWidth: depth * between(random, [0.2, 0.27]),
    neck: between(random, breed.neck) * (young ? 0.7 : 1),
    tail: between(random, breed.tail) * (young ? 0.7 : 1),
    tailWidth: between(random, breed.tailWidth),
    shag: between(random, breed.shag),
    collar: chance(random, species === "dog" ? 0.3 : 0.2) ? pick(random, COLLARS) : undefined,
  };
}

/** How closely fur is seen. */
export interface Look {
  /** 0 smooth … 1 long-haired. */
  shag: number;
  /** Pixels a drawing unit: an animal far off shows no single hairs. */
  detail: number;
}

/**
 * Shapes that make up one part of an animal, with fur: a color lit from above, markings, hairs.
 * @param id names this part's gradient and clip path within the drawing.
 * @param markings SVG, seen where the fur is.
 */
export function fur(
  random: Random,
  shapes: readonly Shape[],
  color: Color,
  id: string,
  look: Look,
  markings = "",
): string {
  const d = path(...shapes);
  const clipped = `<clipPath id="c${id}"><path d="${d}"/></clipPath><g clip-path="url(#c${id})">${markings}</g>`;
  return [
    gradient(`g${id}`, css(color, 7), css(color, -12)),
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
