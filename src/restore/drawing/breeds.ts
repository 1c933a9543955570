import type { Random } from "../../numbers/random.ts";
import { between, chance, pick, pickWeighted, type Range } from "./choose.ts";
import { type Coat, chooseCoat } from "./coat.ts";
import { type Colour, css, near } from "./colour.ts";

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
  eyeColour: string;
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

const EYES: Record<Species, readonly Colour[]> = {
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
    eyeColour: css(near(random, pick(random, EYES[species]), 0.6)),
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
