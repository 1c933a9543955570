import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { assertFits } from "../../../../src/records/format/check.ts";

test("what an object inherits does not stand in it", () => {
  const schema = z.object({ images: z.object({ constructor: z.int(), toString: z.int() }) });
  const read = (images: object) => assertFits(schema, { images }, { name: "x.json", hint: "" });
  const own = (names: string[]) => Object.fromEntries(names.map((name) => [name, 3]));
  assert.throws(() => read(own(["toString"])), { message: "x.json: images.constructor is missing." });
  assert.throws(() => read(own(["constructor"])), { message: "x.json: images.toString is missing." });
});
