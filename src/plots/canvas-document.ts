import type { NodeCanvas } from "./node-canvas.ts";

/** How many need the document just now. */
let users = 0;

/**
 * Has Vega draw with node-canvas, which it cannot import where the set-up installs it. Before that it asks a browser's document for a
 * canvas: there is one while `draw` runs, for its import, whose canvas measures texts ever after, and for the pictures.
 * Calls may overlap: the document goes with the last.
 */
export async function withCanvasDocument<T>({ createCanvas }: NodeCanvas, draw: () => Promise<T>): Promise<T> {
  if (users++ === 0) Object.assign(globalThis, { document: { createElement: () => createCanvas(1, 1) } });
  try {
    return await draw();
  } finally {
    if (--users === 0) Reflect.deleteProperty(globalThis, "document");
  }
}
