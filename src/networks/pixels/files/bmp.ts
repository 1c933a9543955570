import { checkSize } from "./size.ts";

/** Pixels [height, width, 3], RGB, row by row from the top. */
export interface Pixels {
  pixels: Uint8Array;
  width: number;
  height: number;
}

const COMPRESSIONS = { none: 0, rle8: 1, rle4: 2, bitfields: 3 } as const;

/** What the header of a bitmap says, checked against each other. */
interface Header {
  width: number;
  height: number;
  topDown: boolean;
  bits: number;
  compression: number;
  /** Where the pixels begin. */
  offset: number;
  /** Colours of the palette as RGB, 256 of them: those that the file lacks are black, as in Pillow. */
  palette: Uint8Array;
  /** Which bits of a pixel are red, green, blue. */
  masks: readonly [number, number, number];
}

/**
 * Decodes a Windows or OS/2 bitmap, which libvips does not: 1, 4, 8, 16, 24 and 32 bits, run lengths, bit fields, either way up; to the
 * pixels that Pillow makes (https://learn.microsoft.com/en-us/windows/win32/gdi/bitmap-storage). Alpha is dropped.
 * @throws Error saying what is wrong with the file.
 */
export function decodeBmp(bytes: Buffer): Pixels {
  const header = readHeader(bytes);
  const { width, height, bits, compression } = header;
  if (compression === COMPRESSIONS.rle8 || compression === COMPRESSIONS.rle4)
    return { pixels: paint(runLengths(bytes, header), header), width, height };
  const stride = Math.ceil((width * bits) / 32) * 4;
  if (header.offset + stride * height > bytes.length) throw new Error("the pixels are cut short");
  const rows = bytes.subarray(header.offset, header.offset + stride * height);
  const pixels = bits <= 8 ? paint(indices(rows, stride, header), header) : unpack(rows, stride, header);
  return { pixels, width, height };
}

function readHeader(bytes: Buffer): Header {
  if (bytes.length < 26) throw new Error("the header is cut short");
  const size = bytes.readUInt32LE(14);
  if (![12, 40, 52, 56, 64, 108, 124].includes(size))
    throw new Error(`a header of ${size} bytes is of no known version`);
  if (bytes.length < 14 + size) throw new Error("the header is cut short");
  const old = size === 12;
  const width = old ? bytes.readUInt16LE(18) : bytes.readInt32LE(18);
  const signed = old ? bytes.readUInt16LE(20) : bytes.readInt32LE(22);
  const [bits, compression] = old ? [bytes.readUInt16LE(24), 0] : [bytes.readUInt16LE(28), bytes.readUInt32LE(30)];
  const height = Math.abs(signed);
  if (width <= 0 || height === 0) throw new Error(`it is ${width} × ${signed} px`);
  checkSize(width, height);
  checkCompression(bits, compression, size);
  const colours = bits > 8 ? 0 : (old ? 0 : bytes.readUInt32LE(46)) || 1 << bits;
  if (colours > 256) throw new Error(`a palette of ${colours} colours`);
  const entry = old ? 3 : 4;
  const hasMasks = compression === COMPRESSIONS.bitfields;
  const behind = 14 + size + (hasMasks && size === 40 ? 12 : 0); // masks that the short header has no room for follow it
  if (behind + colours * entry > bytes.length) throw new Error("the palette is cut short");
  const palette = new Uint8Array(256 * 3);
  for (let i = 0; i < colours; i++)
    for (let channel = 0; channel < 3; channel++)
      palette[i * 3 + channel] = bytes[behind + i * entry + 2 - channel] as number;
  const stated = bytes.readUInt32LE(10);
  // As in Pillow: 0, and a palette that is not counted, are common mistakes.
  const offset = stated === 0 || stated === 14 + size ? behind + colours * entry : stated;
  const masks = hasMasks ? readMasks(bytes, bits) : usualMasks(bits);
  return { width, height, topDown: signed < 0, bits, compression, offset, palette, masks };
}

function checkCompression(bits: number, compression: number, size: number): void {
  const fits: Record<number, readonly number[]> = {
    [COMPRESSIONS.none]: [1, 4, 8, 16, 24, 32],
    [COMPRESSIONS.rle8]: [8],
    [COMPRESSIONS.rle4]: [4],
    [COMPRESSIONS.bitfields]: size === 64 ? [] : [16, 24, 32], // of OS/2 it is something else
  };
  if (!fits[compression]?.includes(bits)) throw new Error(`a bitmap of ${bits} bits with compression ${compression}`);
}

const usualMasks = (bits: number) =>
  bits === 16 ? ([0x7c00, 0x3e0, 0x1f] as const) : ([0xff0000, 0xff00, 0xff] as const);

function readMasks(bytes: Buffer, bits: number): readonly [number, number, number] {
  if (bytes.length < 66) throw new Error("the header is cut short");
  const masks = [54, 58, 62].map((at) => bytes.readUInt32LE(at)) as [number, number, number];
  if (bits === 32 && masks.every((mask) => mask === 0)) return usualMasks(bits);
  for (const mask of masks) {
    const ones = mask / lowestBit(mask);
    const isRun = mask !== 0 && Number.isInteger(Math.log2(ones + 1));
    if (!isRun || mask >= 2 ** bits) throw new Error(`a bit mask of ${mask.toString(16)}`);
  }
  return masks;
}

const lowestBit = (mask: number): number => (mask & -mask) >>> 0;

/** Rows of packed palette indices → one a byte, in the file's order of rows. */
function indices(rows: Uint8Array, stride: number, { width, height, bits }: Header): Uint8Array {
  const result = new Uint8Array(width * height);
  const [perByte, mask] = [8 / bits, (1 << bits) - 1];
  for (let row = 0, at = 0; row < height; row++)
    for (let x = 0; x < width; x++) {
      const byte = rows[row * stride + Math.floor(x / perByte)] as number;
      result[at++] = (byte >> (8 - bits - (x % perByte) * bits)) & mask;
    }
  return result;
}

/** Run lengths → palette indices, one a byte, in the file's order of rows; what is skipped is 0. As in Pillow, runs end with their row. */
function runLengths(bytes: Buffer, { width, height, compression, offset }: Header): Uint8Array {
  const result = new Uint8Array(width * height);
  const four = compression === COMPRESSIONS.rle4;
  let [from, at, x] = [offset, 0, 0];
  const next = (): number => {
    if (from >= bytes.length) throw new Error("the pixels are cut short");
    return bytes[from++] as number;
  };
  const put = (count: number, index: (i: number) => number) => {
    for (let i = 0; i < count && at < result.length; i++) result[at++] = index(i);
  };
  while (at < result.length) {
    const [count, value] = [next(), next()];
    if (count > 0) {
      put(Math.min(count, Math.max(0, width - x)), (i) => (four ? (i % 2 === 0 ? value >> 4 : value & 15) : value));
      x += count;
    } else if (value === 0) {
      at = Math.ceil(at / width) * width;
      x = 0;
    } else if (value === 1) break;
    else if (value === 2) {
      at += next();
      at += next() * width;
      x = at % width;
    } else {
      let byte = 0;
      put(value, (i) => {
        if (!four) return next();
        if (i % 2 === 0) byte = next();
        return i % 2 === 0 ? byte >> 4 : byte & 15;
      });
      x += value;
      from += from % 2; // runs begin at even places
    }
  }
  return result;
}

/** Palette indices in the file's order of rows → RGB from the top. */
function paint(indices: Uint8Array, { width, height, topDown, palette }: Header): Uint8Array {
  const pixels = new Uint8Array(width * height * 3);
  let at = 0;
  for (let row = 0; row < height; row++) {
    const from = (topDown ? row : height - 1 - row) * width;
    for (let x = 0; x < width; x++) {
      const colour = (indices[from + x] as number) * 3;
      pixels[at++] = palette[colour] as number;
      pixels[at++] = palette[colour + 1] as number;
      pixels[at++] = palette[colour + 2] as number;
    }
  }
  return pixels;
}

/** Rows of pixels of 2 to 4 bytes in the file's order → RGB from the top, each channel 0–255. */
function unpack(rows: Uint8Array, stride: number, { width, height, topDown, bits, masks }: Header): Uint8Array {
  const channels = masks.map((mask) => ({ mask, low: lowestBit(mask), largest: mask / lowestBit(mask) }));
  const pixels = new Uint8Array(width * height * 3);
  const size = bits / 8;
  let at = 0;
  for (let row = 0; row < height; row++) {
    let from = (topDown ? row : height - 1 - row) * stride;
    for (let x = 0; x < width; x++, from += size) {
      let pixel = (rows[from] as number) | ((rows[from + 1] as number) << 8);
      if (size > 2) pixel |= (rows[from + 2] as number) << 16;
      if (size > 3) pixel |= (rows[from + 3] as number) << 24;
      for (const { mask, low, largest } of channels)
        pixels[at++] = Math.floor(((((pixel & mask) >>> 0) / low) * 255) / largest);
    }
  }
  return pixels;
}
