import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../../scripts/setup/paths.mjs";
import { node } from "../../support/node.ts";

test("a test file that does not exist is named, with those that do", async () => {
  const { code, stderr } = await node([join(root, "scripts", "test.mjs"), "no-such-test"]);
  assert.equal(code, 1);
  assert.match(stderr, /No test file has "no-such-test"[\s\S]*test\/system\/scripts\/setup\.test\.ts/);
});
