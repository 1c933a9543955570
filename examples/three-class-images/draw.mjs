/*
 * Draws circles, squares and triangles, the same each time:
 *   node draw.mjs FOLDER TRAINING-IMAGES-A-CLASS VALIDATION-IMAGES-A-CLASS
 * → FOLDER/{train,validation}/{circle,square,triangle}/NUMBER.png
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import sharp from "sharp";

const SIZE = 64; // px
const [folder, train, validation] = process.argv.slice(2);

/** Random numbers of a seed, 0 ≤ x < 1: Park and Miller's generator. */
let state = 1;
const random = () => {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
};
const between = (low, high) => low + random() * (high - low);
const color = () => `hsl(${Math.round(between(0, 360))} 60% ${Math.round(between(35, 65))}%)`;

/** A shape around the origin that is about as large as a circle of radius r. */
const SHAPES = {
  circle: (r) => `<circle r="${r}"/>`,
  square: (r) => `<rect x="${-r * 0.89}" y="${-r * 0.89}" width="${r * 1.77}" height="${r * 1.77}"/>`,
  triangle: (r) => `<path d="M 0 ${-r * 1.55} L ${r * 1.35} ${r * 0.78} L ${-r * 1.35} ${r * 0.78} Z"/>`,
};

function draw(shape) {
  const r = between(10, 18);
  const place = `translate(${between(24, 40)} ${between(24, 40)}) rotate(${between(0, 360)})`;
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${SIZE}" height="${SIZE}">
    <rect width="${SIZE}" height="${SIZE}" fill="${color()}"/>
    <g transform="${place}" fill="${color()}">${SHAPES[shape](r)}</g>
  </svg>`;
}

for (const [split, count] of Object.entries({ train, validation }))
  for (const shape of Object.keys(SHAPES)) {
    mkdirSync(join(folder, split, shape), { recursive: true });
    for (let i = 1; i <= Number(count); i++) {
      const picture = sharp(Buffer.from(draw(shape))).removeAlpha();
      await picture.png().toFile(join(folder, split, shape, `${i}.png`));
    }
  }
