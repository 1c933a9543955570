import type { Random } from "../../random.ts";
import { between, chance, pick, pickWeighted, times } from "./choose.ts";
import { type Colour, css, near } from "./colour.ts";
import { type Box, blob, oval, type Point, path, type Shape, tube } from "./shapes.ts";
import { fill, slab } from "./svg.ts";

/** The colours and markings of an animal. */
export interface Coat {
  base: Colour;
  /** The colour of stripes, spots, patches, saddle, mask. */
  second: Colour;
  marking: (typeof MARKINGS)[number]["name"];
  /** White chest, belly, paws and muzzle. */
  white: boolean;
}

/** The colour of white chests, blazes and paws. */
export const WHITE: Colour = [40, 20, 93];

// biome-ignore format: a table
const COLOURS: readonly Colour[] = [
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
  { name: "plain", weight: 28 },
  { name: "striped", weight: 24 },
  { name: "patched", weight: 20 },
  { name: "spotted", weight: 9 },
  { name: "saddled", weight: 9 },
  { name: "masked", weight: 10 },
] as const;

/** Draws lots for a coat. There is one wardrobe for cats and dogs, so that colour gives no class away. */
export function chooseCoat(random: Random): Coat {
  const base = near(random, pick(random, COLOURS));
  const marking = pickWeighted(random, MARKINGS).name;
  const [hue, saturation, lightness] = base;
  const shade: Colour = [
    hue - 4,
    saturation,
    lightness > 30 ? lightness * between(random, [0.25, 0.6]) : lightness + 14,
  ];
  const other = marking === "patched" || marking === "spotted";
  return { base, second: other ? near(random, pick(random, COLOURS)) : shade, marking, white: chance(random, 0.28) };
}

/** The colour of ears and tail. */
export const tipColour = ({ marking, base, second }: Coat): Colour =>
  marking === "masked" || marking === "patched" ? second : base;

/** The markings of trunk and limbs within a box, as SVG; `shade` in percent points of lightness. */
export function bodyMarkings(random: Random, coat: Coat, box: Box, shade: number): string {
  const { x, y, width, height } = box;
  const paint = css(coat.second, -shade);
  const size = Math.min(width, height);
  const inside = (): Point => [x + width * random.float(), y + height * random.float()];
  const draw: Record<Coat["marking"], () => string> = {
    plain: () => "",
    striped: () => fill(path(...stripes(random, box)), paint, 0.8),
    patched: () => {
      const patches = times(between(random, [2, 4]), () =>
        blob(random, inside(), size * between(random, [0.22, 0.42])),
      );
      return fill(path(...patches), paint);
    },
    spotted: () => {
      const spots = times(26, () => oval(...inside(), between(random, [2, 5]), between(random, [2, 4])));
      return fill(path(...spots), paint, 0.85);
    },
    saddled: () => {
      const front = blob(random, [x + width * 0.45, y + height * 0.1], size * 0.55);
      return fill(path(front, blob(random, [x + width * 0.25, y + height * 0.15], size * 0.45)), paint);
    },
    masked: () => fill(slab(x, y + height * 0.72, width, height), paint, 0.6),
  };
  const belly = path(
    oval(x + width * 0.75, y + height * 0.95, width * 0.4, height * 0.42),
    oval(x + width * 0.3, y + height * 1.02, width * 0.4, height * 0.2),
  );
  return draw[coat.marking]() + (coat.white ? fill(belly, css(WHITE, -shade)) : "");
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
