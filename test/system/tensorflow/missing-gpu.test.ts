import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { environmentStamp } from "../../../src/tensorflow/missing-gpu.ts";

test("set-up's stamp is found from the addon's package", () => {
  assert.match(JSON.parse(readFileSync(environmentStamp(), "utf8")).flavor, /^[cg]pu$/);
});
