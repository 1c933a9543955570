import assert from "node:assert/strict";
import { test } from "node:test";
import { median, type Row, tableRows } from "../../../../tools/bench/bench-table.ts";
import type { Measurement } from "../../../../tools/bench/programs.ts";

test("the table shows medians, and ratios above 1 where ours is better", () => {
  const measured = (step: Measurement["step"], by: Measurement["by"], program_s: number, work_s: number, images = 0) =>
    ({ step, by, program_s, work_s, images, max_rss_mib: by === "ours" ? 500 : 1000 }) satisfies Measurement;
  const rows = tableRows(
    [
      measured("extraction", "keras", 14, 10, 100), // 10 images/s, 4 s to start
      measured("extraction", "keras", 24, 20, 100),
      measured("extraction", "keras", 9, 5, 100),
      measured("extraction", "ours", 7, 5, 100), // 20 images/s, 2 s to start
      measured("extraction", "onnx", 5, 4, 100), // 25 images/s
      measured("training", "keras", 34, 30),
      measured("training", "ours", 13, 10),
      measured("restore", "ours", 5, 5),
      measured("poison", "ours", 1, 1),
      measured("plot", "ours", 2, 2),
    ],
    { all: 1000, epochs: 10 },
  );
  const row = (start: string) => {
    const { reference, ours, ratio } = rows.find(({ what }) => what.startsWith(start)) as Row;
    return [reference, ours, ratio];
  };
  assert.deepEqual(row("extraction, images/s"), [10, 20, 2]);
  assert.deepEqual(row("extraction, images/s, against ONNX Runtime"), [25, 20, 0.8]);
  assert.deepEqual(row("extraction of 100 images"), [14, 7, 2]);
  assert.deepEqual(row("extraction, peak memory"), [1000, 500, 2]);
  assert.deepEqual(row("training, 10 epochs"), [30, 10, 3]);
  // Keras: 6 × (4 + 1000 / 10 + 34) = 828; ours: 5 + 2 + 1000 / 20 + 6 × (13 + 1 + 2) = 153.
  assert.deepEqual(row("six poison levels"), [828, 153, 828 / 153]);
  assert.deepEqual(row("poison, 1000 images"), [undefined, 1, undefined]);
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])], [2, 2.5, 7]);
});
