import assert from "node:assert/strict";
import { test } from "node:test";
import {
  checkOverrides,
  experimentsOf,
  labelOf,
  parseLevels,
  parseSeeds,
} from "../../../../src/commands/sweep/grid.ts";

test("levels, seeds and names", () => {
  assert.deepEqual(parseLevels("10,0,2.5,0"), [0, 2.5, 10]);
  assert.deepEqual(parseSeeds("1..3"), [1, 2, 3]);
  assert.deepEqual(parseSeeds("4,7"), [4, 7]);
  for (const bad of ["", "a", "-1", "101", "1,,2"]) assert.throws(() => parseLevels(bad), { name: "StageError" });
  for (const bad of ["", "x", "1.5", "3..1", "-1"]) assert.throws(() => parseSeeds(bad), { name: "StageError" });
  for (const bad of ["seed=5", "poison=7.5"]) assert.throws(() => checkOverrides([bad]), { name: "StageError" });
  checkOverrides(["train.epochs=3"]);
  assert.equal(labelOf(["image.preprocess=caffe", "train.epochs=3"]), "epochs-3-preprocess-caffe");
  assert.deepEqual(
    experimentsOf([0, 7.5], [1, 2], "").map((cell) => cell.name),
    ["poison-0-seed-1", "poison-7.5-seed-1", "poison-0-seed-2", "poison-7.5-seed-2"],
  );
});
