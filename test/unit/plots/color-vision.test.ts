import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { bySeries } from "../../../src/plots/theme.ts";

/*
 * How people without one kind of cone see colors: Machado, Oliveira and Fernandes 2009 (https://doi.org/10.1109/TVCG.2009.113), severity 1, on linear
 * RGB; and by their luminance alone. Differences are CIE76's of CIELAB; 2.3 is just noticeable.
 */
const VISIONS: Record<string, number[][]> = {
  normal: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  protanopia: [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
  deuteranopia: [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  tritanopia: [
    [1.255528, -0.076749, -0.178779],
    [-0.078411, 0.930809, 0.147602],
    [0.004733, 0.691367, 0.3039],
  ],
};

const linear = (hex: string) =>
  [1, 3, 5].map((at) => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
const times = (matrix: number[][], vector: number[]) =>
  matrix.map((row) => row.reduce((sum, value, i) => sum + value * (vector[i] as number), 0));
const XYZ = [
  [0.4124, 0.3576, 0.1805],
  [0.2126, 0.7152, 0.0722],
  [0.0193, 0.1192, 0.9505],
];
const WHITE = [0.9505, 1, 1.089];

function lab(hex: string, vision: number[][]): number[] {
  const seen = times(vision, linear(hex)).map((value) => Math.min(1, Math.max(0, value)));
  const [x, y, z] = times(XYZ, seen).map((value, i) => {
    const t = value / (WHITE[i] as number);
    return t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116;
  }) as [number, number, number];
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

const apart = (a: string, b: string, vision: number[][]) => {
  const [one, other] = [lab(a, vision), lab(b, vision)];
  return Math.hypot(...one.map((value, i) => value - (other[i] as number)));
};

/** The palette of the page: revisions in their order. */
const PALETTE = JSON.parse(
  /const COLORS = (\[.*\]);/.exec(readFileSync("tools/page/page.js", "utf8"))?.[1] ?? "[]",
) as string[];

test("the colors of revisions are told apart with any color vision, the first five at a glance", () => {
  assert.equal(PALETTE.length, 7);
  for (const [name, vision] of Object.entries(VISIONS))
    for (const [i, color] of PALETTE.entries())
      for (const other of PALETTE.slice(i + 1)) {
        const least = PALETTE.indexOf(other) < 5 ? 10 : 5;
        const found = apart(color, other, vision);
        assert.ok(found >= least, `${name}: ${color} and ${other} are ${found.toFixed(1)} apart`);
      }
});

test("training and validation, right and wrong: far apart with any color vision, and told apart without color", () => {
  const { range } = bySeries("color").scale as { range: string[] };
  assert.deepEqual(range, PALETTE.slice(0, 2), "the same two colors everywhere");
  for (const [name, vision] of Object.entries(VISIONS))
    assert.ok(apart(range[0] as string, range[1] as string, vision) > 40, name);
  for (const channel of ["strokeDash", "shape"] as const) {
    const values = (bySeries(channel).scale as { range: unknown[] }).range;
    assert.notDeepEqual(values[0], values[1]);
  }
});

test("all templates of figures have this palette", () => {
  const allowed = new Set([...PALETTE, "#808080", "#f5f5f5", "#000000"]);
  for (const file of readdirSync(".dvc/plots").filter((file) => file.endsWith(".json")))
    for (const [color] of readFileSync(`.dvc/plots/${file}`, "utf8").matchAll(/#[0-9A-Fa-f]{6}/g))
      assert.ok(allowed.has(color), `${file}: ${color}`);
});
