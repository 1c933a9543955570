/** Tags of an image (https://www.itu.int/itudoc/itu-t/com16/tiff-fx/docs/tiff6.pdf). */
const TAGS = { bits: 258, compression: 259, photometric: 262, sampleFormat: 339, subsampling: 530 } as const;

/** `SampleFormat` of whole numbers from 0; 4 stands for "undefined" and is read as such. */
const UNSIGNED = [1, 4];
const FORMATS: Record<number, string> = {
  2: "of signed samples",
  3: "of floating-point samples",
  5: "of complex samples",
  6: "of complex samples",
};

const LAB: Record<number, string> = {
  8: "in CIE Lab",
  9: "in ICC Lab",
  10: "in ITU Lab",
  32844: "in LogL",
  32845: "in LogLuv",
};

/**
 * Why the first image of a TIFF would not come out as what it shows: libvips makes 8 bits of any number, and of most a white or a black image.
 * @returns `of floating-point samples`; nothing where it is read. What is damaged is left to the decoder.
 */
export function tiffFault(bytes: Buffer): string | undefined {
  const tags = firstDirectory(bytes);
  const format = (tags.get(TAGS.sampleFormat) ?? []).find((value) => !UNSIGNED.includes(value));
  if (format !== undefined) return FORMATS[format] ?? `of samples of an unknown format (${format})`;
  const bits = (tags.get(TAGS.bits) ?? []).find((value) => ![1, 2, 4, 8, 16].includes(value));
  if (bits !== undefined) return `of ${bits} bits a sample`;
  if (storesYcc(tags) && !(tags.get(TAGS.subsampling) ?? [2, 2]).every((value) => value === 1))
    return "of Y, Cb, Cr with fewer samples of colour";
  return LAB[tags.get(TAGS.photometric)?.[0] ?? -1];
}

/** Whether the samples are Y, Cb, Cr, which libvips takes for red, green, blue. */
export const isYcc = (bytes: Buffer): boolean => storesYcc(firstDirectory(bytes));

/** In JPEG's compression (7) and WebP's (50001) the decoder turns them into RGB, in that of old JPEG (6) it refuses. */
const storesYcc = (tags: Map<number, number[]>): boolean =>
  tags.get(TAGS.photometric)?.[0] === 6 && ![6, 7, 50_001].includes(tags.get(TAGS.compression)?.[0] ?? 1);

/** Bytes that a value of a type takes: BYTE, SHORT, LONG, LONG8; others are passed over. */
const WIDTHS: Record<number, number> = { 1: 1, 3: 2, 4: 4, 16: 8 };

/** The most values of a tag that are looked at: no image that is read has more samples a pixel. */
const VALUES = 8;

/** Numbers by tag, of the TIFF's or BigTIFF's first directory; as far as they lie inside the file. */
function firstDirectory(bytes: Buffer): Map<number, number[]> {
  const little = bytes[0] === 0x49;
  const tags = new Map<number, number[]>();
  const read = (at: number, width: number): number => {
    if (!(at >= 0 && at + width <= bytes.length)) throw new RangeError("outside the file");
    if (width === 8) return Number(little ? bytes.readBigUInt64LE(at) : bytes.readBigUInt64BE(at));
    return little ? bytes.readUIntLE(at, width) : bytes.readUIntBE(at, width);
  };
  try {
    const wide = read(2, 2) === 43 ? 8 : 4; // 43: BigTIFF, all offsets and counts of 8 bytes
    const directory = wide === 8 ? read(8, 8) : read(4, 4);
    const header = wide === 8 ? 8 : 2;
    const entries = Math.min(read(directory, header), 65_535);
    for (let i = 0; i < entries; i++) {
      const entry = directory + header + i * (4 + 2 * wide);
      const width = WIDTHS[read(entry + 2, 2)];
      if (width === undefined) continue;
      const count = Math.min(read(entry + 4, wide), VALUES);
      const field = entry + 4 + wide;
      const from = read(entry + 4, wide) * width <= wide ? field : read(field, wide);
      tags.set(
        read(entry, 2),
        Array.from({ length: count }, (_, k) => read(from + k * width, width)),
      );
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error; // cut short: whoever decodes it will say so
  }
  return tags;
}
