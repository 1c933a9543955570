import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { compileTrainWasm } from "../../../tools/train-wasm.ts";

test("train.wasm is what its sources compile to (`node --import tsx tools/train-wasm.ts` renews it)", async () => {
  const committed = readFileSync("src/train/wasm/train.wasm");
  assert.ok(committed.equals(await compileTrainWasm()), "train.wasm is out of date");
});
