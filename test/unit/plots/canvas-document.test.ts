import assert from "node:assert/strict";
import { test } from "node:test";
import { withCanvasDocument } from "../../../src/plots/canvas-document.ts";
import type { NodeCanvas } from "../../../src/plots/node-canvas.ts";

const made = { width: 1, height: 1 };
const nodeCanvas = { createCanvas: () => made } as unknown as NodeCanvas;

/** What a browser's document would make, as Vega asks for it. */
const asked = () =>
  (globalThis as { document?: { createElement(name: string): unknown } }).document?.createElement("canvas");

test("there is a document while something draws, which makes node-canvas's canvases, and none before or after", async () => {
  assert.ok(!("document" in globalThis));
  assert.equal(await withCanvasDocument(nodeCanvas, async () => asked()), made);
  assert.ok(!("document" in globalThis));
});

test("of those that draw at the same time none takes the document from another, and an error leaves none", async () => {
  const one = withCanvasDocument(nodeCanvas, () => Promise.reject(new Error("no such mark")));
  const two = withCanvasDocument(nodeCanvas, async () => {
    await assert.rejects(one, /no such mark/);
    return asked();
  });
  assert.equal(await two, made);
  assert.ok(!("document" in globalThis));
});
