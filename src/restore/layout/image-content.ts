/** Bytes from which an image is known. */
export const START = 64;

/** How files of images begin, in hexadecimal digits; those that cannot be read included: https://en.wikipedia.org/wiki/List_of_file_signatures. */
const BEGINNINGS: readonly [ending: string, beginning: RegExp][] = [
  ["jpg", /^ffd8ff/],
  ["png", /^89504e47/],
  ["webp", /^52494646.{8}57454250/],
  ["gif", /^47494638(37|39)61/],
  ["tif", /^(49492a00|49492b00|4d4d002a|4d4d002b)/], // and raw photographs
  ["avif", /^.{8}66747970(61766966|61766973|6d696631|6d736631)/], // ftyp: avif, avis, mif1, msf1
  ["heic", /^.{8}66747970(686569|686576)/], // ftyp: hei?, hev?
  ["bmp", /^424d.{24}(0c|28|34|38|40|6c|7c)000000/], // by the size of its header
  ["psd", /^38425053000[12]/],
  ["jxl", /^(ff0a|0000000c4a584c20)/],
  ["jp2", /^(ff4fff51|0000000c6a502020)/],
  ["pnm", /^50(3[1-7]|66|46)(0a|0d|20|09)3\d/],
  ["qoi", /^716f6966/],
];

/** The usual ending of names of images that begin so; nothing for what is no image. @param start {@link START} bytes, or all there are */
export function endingFor(start: Buffer): string | undefined {
  const digits = start.toString("hex");
  return BEGINNINGS.find(([, beginning]) => beginning.test(digits))?.[0];
}
