import { tiffFault } from "./tiff.ts";

/** Kinds of image files that are read. */
const READ = ["JPEG", "PNG", "WebP", "GIF", "TIFF", "AVIF", "BMP"] as const;
/** One of {@link READ}. */
export type Kind = (typeof READ)[number];

/** How files begin, as Latin-1 text. libvips looks at no name either; but it also reads what can name other files, such as SVG. */
const BEGINNINGS: readonly (readonly [RegExp | string, string])[] = [
  ["\xff\xd8\xff", "JPEG"],
  ["\x89PNG", "PNG"],
  [/^RIFF.{4}WEBP/s, "WebP"],
  ["GIF8", "GIF"],
  [/^(II[*+]\0|MM\0[*+])/, "TIFF"],
  [/^BM.{13}\0{3}/s, "BMP"], // then a header of fewer than 256 bytes,
  [/^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*</, "a text (HTML, XML or SVG), not an image"],
  ["\x1f\x8b", "packed with gzip"],
  ["PK\x03\x04", "a ZIP archive"],
  ["%PDF", "PDF"],
  ["8BPS", "a Photoshop file"],
  ["\xff\x0a", "JPEG XL"],
  ["\0\0\0\x0cJXL ", "JPEG XL"],
  ["\xff\x4f\xff\x51", "JPEG 2000"],
  ["\0\0\0\x0cjP  ", "JPEG 2000"],
  ["\0\0\x01\0", "an icon (ICO)"],
  ["\0\0\x02\0", "a pointer (CUR)"],
  [/^P[1-7]\s/, "Netpbm"],
];

const begins = (start: string, beginning: RegExp | string): boolean =>
  typeof beginning === "string" ? start.startsWith(beginning) : beginning.test(start);

/** Brands of ISO media files (https://www.iana.org/assignments/media-types/image/heif): which of them are what. */
const BRANDS: readonly (readonly [RegExp, string])[] = [
  [/^avi[fs]$/, "AVIF"],
  [/^he(ic|ix|im|is|vc|vx|vm|vs)$/, "HEIC"],
  [/^(mif1|msf1|miaf)$/, "HEIF"],
  [/^crx $/, "a raw photograph (CR3)"],
  [/^/, "a video (MP4 or QuickTime)"],
];

/**
 * What a file is, by its content, whatever its name.
 * @returns its kind, or why it cannot be read: `is HEIC, which cannot be read`.
 */
export function kindOf(bytes: Buffer): { kind: Kind } | { fault: string } {
  const start = bytes.toString("latin1", 0, 256);
  const found = BEGINNINGS.find(([beginning]) => begins(start, beginning))?.[1] ?? isoMedia(start);
  if (found === undefined) return { fault: `is not an image of a kind that can be read (${READ.join(", ")})` };
  const kind = READ.find((known) => known === found);
  if (!kind) return { fault: found.endsWith("not an image") ? `is ${found}` : `is ${found}, which cannot be read` };
  const fault = kind === "JPEG" ? jpegFault(bytes) : kind === "TIFF" ? tiffFault(bytes) : undefined;
  return fault === undefined ? { kind } : { fault: `is a ${kind} ${fault}, which cannot be read` };
}

/** What begins with a box `ftyp` is by its brands; the first of all kinds that one of them names. */
function isoMedia(start: string): string | undefined {
  if (!/^\0{2}.{2}ftyp/s.test(start)) return undefined;
  const length = start.charCodeAt(2) * 256 + start.charCodeAt(3);
  const brands = (start.slice(8, 12) + start.slice(16, length)).match(/.{4}/gs) ?? [];
  return BRANDS.find(([brand]) => brands.some((name) => brand.test(name)))?.[1];
}

/** What frames of a JPEG are (https://www.w3.org/Graphics/JPEG/itu-t81.pdf, table B.1; JPEG-LS: T.87), where they are not read. */
const FRAMES: Record<number, string> = {
  195: "without loss (SOF3)",
  199: "without loss (SOF7)",
  203: "without loss (SOF11)",
  207: "without loss (SOF15)",
  247: "of the kind JPEG-LS",
};

function jpegFault(bytes: Buffer): string | undefined {
  for (let at = 2; at + 4 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1] as number;
    if (marker === 0xff) {
      at++; // a fill byte
      continue;
    }
    if (FRAMES[marker]) return FRAMES[marker];
    const isFrame = marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
    if (isFrame) return bytes[at + 4] === 8 ? undefined : `of ${bytes[at + 4]} bits a sample`;
    if (marker === 0xda) return undefined;
    at += 2 + bytes.readUInt16BE(at + 2);
  }
  return undefined;
}
