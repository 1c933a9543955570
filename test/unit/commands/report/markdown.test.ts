import assert from "node:assert/strict";
import { test } from "node:test";
import { code, show, table } from "../../../../src/commands/report/markdown.ts";

test("names with Markdown in them stay names", () => {
  assert.equal(table(["a|b"], [["x\ny"]]), "| a\\|b |\n| --- |\n| x y |");
  assert.equal(code("a`b"), "`` a`b ``");
  assert.equal(show("<img src=x>"), "&lt;img src=x&gt;");
  assert.deepEqual([0.123456, 1234567, null, undefined, [1]].map(show), [
    "0.1235",
    "1234567",
    "not a number",
    "–",
    "`[1]`",
  ]);
});
