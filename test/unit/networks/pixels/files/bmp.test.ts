import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { decodeBmp } from "../../../../../src/networks/pixels/files/bmp.ts";

/** A bitmap of 3 × 2 px with two colours in its palette. */
function bitmap(bits: number, compression: number, rows: number[]): Buffer {
  const header = Buffer.alloc(62);
  header.write("BM");
  for (const [at, value] of [
    [10, 62],
    [14, 40],
    [18, 3],
    [22, 2],
    [30, compression],
    [46, 2],
  ] as const)
    header.writeInt32LE(value, at);
  header.writeUInt16LE(bits, 28);
  header.set([3, 2, 1, 0, 6, 5, 4, 0], 54); // blue, green, red, nothing
  return Buffer.concat([header, Buffer.from(rows)]);
}

const [A, B] = [
  [1, 2, 3],
  [4, 5, 6],
] as const;

test("rows stand from the bottom up, padded to 4 bytes; the highest bits are the leftmost pixels", () => {
  const { pixels, width, height } = decodeBmp(bitmap(1, 0, [0b01000000, 0, 0, 0, 0b10100000, 0, 0, 0]));
  assert.deepEqual([width, height], [3, 2]);
  assert.deepEqual([...pixels], [B, A, B, A, B, A].flat());
});

test("run lengths: a run, a jump, pixels as they are, an early end", () => {
  const runs = [2, 1, 0, 2, 1, 0, 0, 3, 1, 0, 1, 0]; // B B, over the last one, then B A B
  assert.deepEqual([...decodeBmp(bitmap(8, 1, runs)).pixels], [B, A, B, B, B, A].flat());
  assert.deepEqual([...decodeBmp(bitmap(8, 1, [1, 1, 0, 1])).pixels], [A, A, A, B, A, A].flat());
});

test("what is cut short is refused, wherever it ends", () => {
  const whole = bitmap(1, 0, [0b01000000, 0, 0, 0, 0b10100000, 0, 0, 0]);
  for (const [length, part] of [
    [20, "header"],
    [50, "header"],
    [60, "palette"],
    [69, "pixels"],
  ] as const)
    assert.throws(() => decodeBmp(whole.subarray(0, length)), {
      message: `the ${part} is cut short`.replace("pixels is", "pixels are"),
    });
  assert.throws(() => decodeBmp(bitmap(8, 1, [2, 1])), { message: "the pixels are cut short" });
});

test("whatever a stranger's file holds, it is decoded or refused in words", () => {
  const files = [
    bitmap(1, 0, Array(8).fill(7)),
    bitmap(8, 1, [2, 1, 0, 2, 1, 0, 0, 3, 1, 0, 1, 0]),
    bitmap(4, 2, [3, 1, 0, 0, 3, 1, 0, 1]),
  ];
  const change = fc.tuple(fc.nat(75), fc.nat(255));
  fc.assert(
    fc.property(fc.constantFrom(...files), fc.array(change, { maxLength: 5 }), fc.nat(75), (file, changes, length) => {
      const bytes = Buffer.from(length > 60 ? file : file.subarray(0, length));
      for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
      if (bytes.length > 26 && (bytes.readInt32LE(18) > 5000 || Math.abs(bytes.readInt32LE(22)) > 5000)) return; // takes its time
      try {
        const { pixels, width, height } = decodeBmp(bytes);
        assert.equal(pixels.length, width * height * 3);
      } catch (error) {
        assert.equal((error as Error).name, "Error", String(error));
      }
    }),
    { numRuns: 3000 },
  );
});
