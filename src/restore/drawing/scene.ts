import type { Random } from "../../numbers/random.ts";
import type { Species } from "./breeds.ts";
import { between, chance, pick, times } from "./choose.ts";
import { anyHue, css, near } from "./colour.ts";
import { paintLandscape } from "./landscape.ts";
import { bars, blanket, carton, doorFrame, leaves, tallGrass } from "./obstacles.ts";
import { paintRoom } from "./room.ts";
import { oval, path } from "./shapes.ts";
import { fill, gradient, slab } from "./svg.ts";
import type { View } from "./view.ts";

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
    const colour = near(random, [base[0] + 40 * random.normal(), base[1] + 10, base[2] + 12], 2);
    const radius = between(random, [6, 22]) * unit;
    return fill(path(oval(width * random.float(), height * random.float(), radius, radius)), css(colour), 0.3);
  });
  return (
    gradient("blur", css(base, 10), css(base, -12)) + fill(slab(0, 0, width, height), "url(#blur)") + discs.join("")
  );
}
