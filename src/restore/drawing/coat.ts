import type { Random } from "../../numbers/random.ts";
import type { Species } from "./breeds.ts";
import { between, chance, pick, pickWeighted, times } from "./choose.ts";
import { type Colour, near } from "./colour.ts";
import { type Box, blob, oval, type Point, type Shape, tube } from "./shapes.ts";

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

/** Shapes of one colour on a coat. */
export interface Mark {
  shapes: Shape[];
  colour: Colour;
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
    striped: () => [{ shapes: stripes(random, box), colour: coat.second, opacity: 0.8 }],
    patched: () => {
      const patch = () => blob(random, anywhere(), size * between(random, [0.22, 0.42]));
      return [{ shapes: times(between(random, [3, 7]), patch), colour: coat.second, opacity: 1 }];
    },
    spotted: () => {
      const spot = () => oval(...anywhere(), between(random, [2, 5]), between(random, [2, 4]));
      return [{ shapes: times(60, spot), colour: coat.second, opacity: 0.85 }];
    },
    saddled: () => {
      const saddle = [blob(random, at(0.45, 0.1), size * 0.55), blob(random, at(0.25, 0.15), size * 0.45)];
      return [{ shapes: saddle, colour: coat.second, opacity: 1 }];
    },
    masked: () => [{ shapes: [oval(...at(0.5, 1.1), width * 0.8, height * 0.4)], colour: coat.second, opacity: 0.6 }],
  };
  const belly = [
    oval(...at(0.75, 0.95), width * 0.4, height * 0.42),
    oval(...at(0.3, 1.02), width * 0.4, height * 0.2),
  ];
  return [...draw[coat.marking](), ...(coat.white ? [{ shapes: belly, colour: WHITE, opacity: 1 }] : [])];
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
