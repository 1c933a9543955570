/** What is used of node-canvas (https://github.com/Automattic/node-canvas): no package of the project brings its types. */
export interface NodeCanvas {
  Canvas: { readonly PNG_FILTER_NONE: number };
  createCanvas(width: number, height: number): Canvas;
  /** @param rgba [height, width, 4] uint8 */
  createImageData(rgba: Uint8ClampedArray, width: number, height: number): Pixels;
  /** Fonts are registered before the first canvas is made. @param file TrueType */
  registerFont(file: string, font: { family: string; weight?: string }): void;
  /** Versions of the libraries that draw and encode. */
  cairoVersion: string;
  freetypeVersion: string;
  jpegVersion: string;
  pangoVersion: string;
}

/** A picture that is drawn, and encoded on demand. */
export interface Canvas {
  /** Size in px: setting it empties the canvas. */
  width: number;
  height: number;
  getContext(kind: "2d", options?: { alpha?: boolean }): Context;
  /** @param config `resolution` in dots per inch */
  toBuffer(type: "image/png", config?: { resolution?: number; filters?: number }): Buffer;
  /** @param config `quality` 0–1 */
  toBuffer(
    type: "image/jpeg",
    config?: { quality?: number; progressive?: boolean; chromaSubsampling?: boolean },
  ): Buffer;
}

/** What draws on a canvas, as in a browser: https://html.spec.whatwg.org/multipage/canvas.html */
export interface Context {
  /** As in CSS: `bold 20px "DejaVu Sans"`. */
  font: string;
  /** A colour as in CSS. */
  fillStyle: string;
  fillRect(x: number, y: number, width: number, height: number): void;
  /** @param x left end, px @param y base line, px */
  fillText(text: string, x: number, y: number): void;
  /** Its `width` in px. */
  measureText(text: string): { width: number };
  putImageData(pixels: Pixels, x: number, y: number): void;
}

/** Pixels that can be put on a canvas. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}
