/** Weights of red, green and blue in Y (ITU-R BT.601). */
const [RED, GREEN, BLUE] = [0.299, 0.587, 0.114] as const;

/** A factor as whole numbers of 1/2^16. */
const fixed = (factor: number): number => Math.trunc(factor * 65_536 + 0.5);
const [CR_RED, CB_BLUE] = [2 - 2 * RED, 2 - 2 * BLUE] as const;
const FACTORS = {
  crRed: fixed(CR_RED),
  crGreen: -fixed((RED * CR_RED) / GREEN),
  cbBlue: fixed(CB_BLUE),
  cbGreen: -fixed((BLUE * CB_BLUE) / GREEN),
} as const;

/**
 * Turns Y, Cb, Cr into R, G, B in place, as libtiff does for Pillow (https://gitlab.com/libtiff/libtiff/-/blob/master/libtiff/tif_color.c).
 * Of what is not compressed, Pillow's own arithmetic makes 1 more or less here and there.
 * @param pixels [n, 3].
 */
export function yccToRgb(pixels: Uint8Array): void {
  const { crRed, crGreen, cbBlue, cbGreen } = FACTORS;
  const half = 1 << 15;
  const clip = (value: number): number => Math.min(255, Math.max(0, value));
  for (let i = 0; i < pixels.length; i += 3) {
    const y = pixels[i] as number;
    const [cb, cr] = [(pixels[i + 1] as number) - 128, (pixels[i + 2] as number) - 128];
    pixels[i] = clip(y + ((crRed * cr + half) >> 16));
    pixels[i + 1] = clip(y + ((cbGreen * cb + half + crGreen * cr) >> 16));
    pixels[i + 2] = clip(y + ((cbBlue * cb + half) >> 16));
  }
}
