/** A GIF whose first image has no transparency, where that image lies on the canvas, and the colour that shows beside it. */
export interface OpaqueGif {
  bytes: Buffer;
  left: number;
  top: number;
  width: number;
  height: number;
  /** RGB. */
  beside: readonly [number, number, number];
}

/**
 * Takes the transparency from the first image of a GIF: libvips paints what is transparent black, Pillow in the palette's colour, which
 * also shows beside an image that does not fill the canvas (https://www.w3.org/Graphics/GIF/spec-gif89a.txt).
 */
export function opaqueGif(bytes: Buffer): OpaqueGif {
  const result = Buffer.from(bytes);
  const byte = (at: number): number => bytes[at] ?? 0; // outside the file all is 0, which ends every list; the decoder says what is wrong
  const short = (at: number): number => byte(at) + byte(at + 1) * 256;
  const colours = (flags: number): number => (flags & 0x80 ? 2 << (flags & 7) : 0);
  let palette = 13;
  let at = palette + colours(byte(10)) * 3;
  let transparent: number | undefined;
  while (byte(at) === 0x21) {
    const isControl = byte(at + 1) === 0xf9 && byte(at + 2) >= 4;
    if (isControl && byte(at + 3) & 1) {
      transparent = byte(at + 6);
      result[at + 3] = byte(at + 3) & ~1;
    }
    for (at += 2; byte(at) > 0; ) at += byte(at) + 1;
    at++;
  }
  if (colours(byte(at + 9)) > 0) palette = at + 10;
  const colour = palette + (transparent ?? 0) * 3;
  return {
    bytes: result,
    left: short(at + 1),
    top: short(at + 3),
    width: short(at + 5),
    height: short(at + 7),
    beside: [byte(colour), byte(colour + 1), byte(colour + 2)],
  };
}
