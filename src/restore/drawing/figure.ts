import type { Random } from "../../numbers/random.ts";
import type { Figure } from "./body.ts";
import type { Animal } from "./breeds.ts";
import { pick } from "./choose.ts";
import { bodyMarks, type Mark, tipColour } from "./coat.ts";
import { css } from "./colour.ts";
import { drawFace } from "./face.ts";
import { fur } from "./fur.ts";
import { drawProfile } from "./profile.ts";
import { type Box, boxOf, num, oval, overlap, path, type Shape } from "./shapes.ts";
import { fill, stroke } from "./svg.ts";

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
    const [hue, saturation, lightness] = tip ? tipColour(coat) : coat.base;
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
    .map(({ shapes, colour, opacity }) => {
      const seen = shapes.filter((points) => overlap(boxOf([points]), box));
      return seen.length === 0 ? "" : fill(path(...seen), css(colour, -shade), opacity);
    })
    .join("");
}
