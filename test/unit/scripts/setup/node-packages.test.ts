import assert from "node:assert/strict";
import { test } from "node:test";
import { matches } from "../../../../scripts/setup/node-packages.mjs";

test("installed packages match the lock file only when all are there at the locked version", () => {
  const locked = {
    "": {},
    "node_modules/a": { version: "1.0.0", integrity: "x" },
    "node_modules/mac": { version: "1.0.0", optional: true },
  };
  const installed = { "node_modules/a": { version: "1.0.0", integrity: "x" } };
  const there = () => true;
  assert.equal(matches(locked, installed, there), true);
  assert.equal(matches(locked, {}, there), false);
  assert.equal(
    matches(locked, installed, () => false),
    false,
  );
  assert.equal(matches(locked, { "node_modules/a": { version: "1.0.1", integrity: "y" } }, there), false);
  assert.equal(matches(locked, { ...installed, "node_modules/mac": { version: "0.9.0" } }, there), false);
  assert.equal(matches(locked, { ...installed, "node_modules/of-before": { version: "1.0.0" } }, there), false);
});
