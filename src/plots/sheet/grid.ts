import type { Sheet, Tile } from "./sheet.ts";

/** Width of every sheet in px: a README shows it at half the size or less, a click at full size. */
const WIDTH = 2000;
const MARGIN = 40;

/** Height of the title and subtitle, and of the line that says there is nothing, in px. */
const HEADER = 140;
const EMPTY = 80;

const HEADING = { above: 24, height: 34, below: 14 };

/** Up to so many pictures, so many stand in a row, with so much space between them, in px. */
const GRIDS = [
  { most: 24, columns: 8, gap: 20 },
  { most: 70, columns: 10, gap: 16 },
  { most: Number.POSITIVE_INFINITY, columns: 20, gap: 10 },
] as const;

/** Where everything on a sheet stands, in px from the top left corner. */
export interface Layout {
  width: number;
  height: number;
  margin: number;
  /** Side of a picture, which is square. */
  side: number;
  /** Size of the letters below the pictures. */
  font: number;
  /** Left end and base line. */
  headings: { text: string; x: number; y: number }[];
  /** Top left corner of the picture. */
  tiles: { tile: Tile; x: number; y: number }[];
}

/** Places a sheet's pictures row by row, large when they are few. Every group begins a row. */
export function gridOf({ groups }: Sheet): Layout {
  const count = groups.reduce((sum, { tiles }) => sum + tiles.length, 0);
  const { columns, gap } = GRIDS.find(({ most }) => count <= most) as (typeof GRIDS)[number];
  const side = Math.floor((WIDTH - 2 * MARGIN - (columns - 1) * gap) / columns);
  const font = Math.round(side / 13 + 5);
  const row = side + Math.round(font * 3.2) + gap;
  const layout: Layout = { width: WIDTH, height: 0, margin: MARGIN, side, font, headings: [], tiles: [] };
  let y = HEADER;
  for (const { heading, tiles } of groups) {
    y += HEADING.above + HEADING.height;
    layout.headings.push({ text: heading, x: MARGIN, y: y - 8 });
    y += HEADING.below;
    for (const [i, tile] of tiles.entries()) {
      layout.tiles.push({ tile, x: MARGIN + (i % columns) * (side + gap), y: y + Math.floor(i / columns) * row });
    }
    y += Math.ceil(tiles.length / columns) * row;
  }
  layout.height = (groups.length === 0 ? y + EMPTY : y) + MARGIN - gap;
  return layout;
}
