import { PIXEL_LIMIT } from "../../../records/format/image-folder.ts";

/** @throws Error when an image has more pixels than {@link PIXEL_LIMIT}. */
export function checkSize(width: number, height: number): void {
  if (width * height > PIXEL_LIMIT) throw new Error(sizeFault(width, height));
}

/** What an image that is too large is. */
export function sizeFault(width: number, height: number): string {
  const mega = (pixels: number) => `${Math.round(pixels / 1e6)} megapixels`;
  return `is ${width} × ${height} px, ${mega(width * height)}; the limit is ${mega(PIXEL_LIMIT)}`;
}
