import { basename, extname } from "node:path";
import { classNamesOf } from "../../records/format/image-folder.ts";
import { loadCanvas } from "../canvas.ts";
import type { Context } from "../node-canvas.ts";
import { fitCaption, shortened } from "./caption.ts";
import { gridOf, type Layout } from "./grid.ts";
import { imagesOf, type Sheet, type Tile } from "./sheet.ts";
import { readThumbnails } from "./thumbnails.ts";

const INK = { strong: "#1a1a1a", soft: "#595959" };

/** Small pictures side by side are large files: at 0.65 no fault is seen yet, and progressive ones are 7 % smaller. */
const JPEG = { quality: 0.65, progressive: true };

/** Draws a sheet with the images under `folder`, as JPEG. The same sheet and images give the same bytes on a machine. */
export async function drawSheet(sheet: Sheet, folder: string): Promise<Buffer> {
  const layout = gridOf(sheet);
  const { createCanvas, createImageData } = loadCanvas();
  const thumbnails = await readThumbnails({ folder, images: imagesOf(sheet), side: layout.side });
  const canvas = createCanvas(layout.width, layout.height);
  const context = canvas.getContext("2d", { alpha: false });
  context.fillStyle = "white";
  context.fillRect(0, 0, layout.width, layout.height);
  drawTexts(context, sheet, layout);
  for (const [i, { x, y }] of layout.tiles.entries()) {
    const pixels = createImageData(withAlpha(thumbnails[i] as Uint8Array), layout.side, layout.side);
    context.putImageData(pixels, x, y);
  }
  return canvas.toBuffer("image/jpeg", JPEG);
}

function drawTexts(context: Context, sheet: Sheet, { width, margin, side, font, ...layout }: Layout) {
  /** Writes a text, shortened to `room`, and returns its width. */
  const write = (
    text: string,
    x: number,
    y: number,
    room: number,
    { size, color = INK.strong, bold = false }: Style,
  ) => {
    context.font = fontOf(size, bold);
    context.fillStyle = color;
    const short = shortened(text, room, (part) => context.measureText(part).width);
    context.fillText(short, x, y);
    return context.measureText(short).width;
  };
  const page = width - 2 * margin;
  write(sheet.title, margin, 72, page, { size: 40, bold: true });
  write(sheet.subtitle, margin, 116, page, { size: 26, color: INK.soft });
  if (layout.tiles.length === 0) write(sheet.empty, margin, 196, page, { size: 30 });
  for (const { text, x, y } of layout.headings) write(text, x, y, page, { size: 30 });
  const tiles = layout.tiles.map(({ tile }) => tile);
  const classes = classNamesOf(tiles.flatMap(({ from, to }) => (from === undefined ? [to] : [from, to])));
  const files = [...new Set(tiles.map(nameOf))];
  for (const { tile, x, y } of layout.tiles) {
    const line = y + side + Math.round(font * 1.4);
    const measure = (text: string, bold: boolean) => {
      context.font = fontOf(font, bold);
      return context.measureText(text).width;
    };
    let end = x;
    for (const { text, bold } of fitCaption(tile, side, measure, classes)) {
      end += write(text, end, line, Number.POSITIVE_INFINITY, { size: font, bold, ...(!bold && { color: INK.soft }) });
    }
    const small = { size: Math.round(font * 0.85), color: INK.soft };
    context.font = fontOf(small.size, false);
    const width = (text: string) => context.measureText(text).width;
    const note = tile.note ? `${tile.note} · ` : "";
    const name = shortened(nameOf(tile), side - width(note), width, files);
    write(note + name, x, line + Math.round(font * 1.25), Number.POSITIVE_INFINITY, small);
  }
}

const nameOf = ({ image }: Tile): string => basename(image, extname(image));

interface Style {
  size: number;
  color?: string;
  bold?: boolean;
}

const fontOf = (size: number, bold: boolean): string => `${bold ? "bold" : "normal"} ${size}px "DejaVu Sans"`;

/** RGB to RGBA, opaque. */
function withAlpha(rgb: Uint8Array): Uint8ClampedArray {
  const rgba = new Uint8ClampedArray((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) rgba.set(rgb.subarray(from, from + 3), to);
  return rgba;
}
