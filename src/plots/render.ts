import type { TopLevelSpec } from "vega-lite";
import { loadCanvas } from "./canvas.ts";
import { withCanvasDocument } from "./canvas-document.ts";
import type { Canvas } from "./node-canvas.ts";

/** Print quality. */
const DPI = 300;

/** A unit of a spec is a CSS pixel, 1/96 inch. */
const SCALE = DPI / 96;

/** A drawn chart, encoded on demand. The same spec gives the same bytes, whatever fonts and font settings the machine has. */
export interface Picture {
  /** Size of the PNG and the JPEG in px. */
  width: number;
  height: number;
  png(): Buffer;
  jpeg(): Buffer;
  svg(): Promise<string>;
}

/** Draws a Vega-Lite spec at 300 dpi. */
export async function renderChart(spec: TopLevelSpec): Promise<Picture> {
  const nodeCanvas = loadCanvas();
  const { view, canvas, resetSVGDefIds } = await withCanvasDocument(nodeCanvas, () => draw(spec));
  return {
    width: canvas.width,
    height: canvas.height,
    // Charts are flat areas: without filters a PNG is smaller, and encoded four times as fast.
    png: () => canvas.toBuffer("image/png", { resolution: DPI, filters: nodeCanvas.Canvas.PNG_FILTER_NONE }),
    jpeg: () => withDensity(canvas.toBuffer("image/jpeg", { quality: 0.95, chromaSubsampling: false })),
    svg: () => {
      resetSVGDefIds();
      return view.toSVG();
    },
  };
}

async function draw(spec: TopLevelSpec) {
  const [{ compile }, { View, parse, resetSVGDefIds }] = await Promise.all([import("vega-lite"), import("vega")]);
  const view = new View(parse(compile(spec).spec), { renderer: "none" });
  const canvas = (await view.toCanvas(SCALE)) as unknown as Canvas;
  return { view, canvas, resetSVGDefIds };
}

/** Sets the density of a JFIF file, which node-canvas leaves open: https://www.w3.org/Graphics/JPEG/jfif3.pdf, page 5. */
function withDensity(jpeg: Buffer): Buffer {
  const header = jpeg.indexOf("JFIF\0", 0, "latin1");
  jpeg.writeUInt8(1, header + 7); // dots per inch
  jpeg.writeUInt16BE(DPI, header + 8);
  jpeg.writeUInt16BE(DPI, header + 10);
  return jpeg;
}
