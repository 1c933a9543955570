import assert from "node:assert/strict";
import { test } from "node:test";
import { progress } from "../../../../scripts/setup/progress.mjs";

/** What is written where three things happen. */
function written(isTTY: boolean, columns?: number): string {
  let text = "";
  const lines = progress({ isTTY, ...(columns !== undefined && { columns }), write: (part) => (text += part) });
  lines.begin("canvas");
  lines.begin("weights");
  lines.print("weights: here (1.0 s)");
  lines.end("weights");
  lines.print("canvas: compiled (2.0 s)");
  lines.end("canvas");
  return text;
}

test("into a file or a pipe only whole lines are written", () => {
  assert.equal(written(false), "weights: here (1.0 s)\ncanvas: compiled (2.0 s)\n");
});

test("on a terminal the last line names what goes on, is wiped before another is written, and never wraps", () => {
  const [wipe, end] = ["\r\x1b[K", "canvas …"];
  const shown = written(true).split(wipe);
  assert.deepEqual(shown.slice(0, 3), ["", end, "canvas, weights …"]);
  assert.deepEqual(shown.slice(3), [
    "weights: here (1.0 s)\ncanvas, weights …",
    end,
    "canvas: compiled (2.0 s)\ncanvas …",
    "",
  ]);
  assert.equal(written(true, 0), written(true)); // a terminal that does not know its width
  assert.ok(written(true, 10).split(wipe).includes("canvas, w"));
});
