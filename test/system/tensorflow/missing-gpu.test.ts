import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { find, stampPlace } from "../../../src/tensorflow/place.mjs";

test("set-up's stamp is found from the code that asks for it", () => {
  assert.match(JSON.parse(readFileSync(find(stampPlace) ?? "", "utf8")).flavor, /^[cg]pu$/);
});
