/** How far a filter reaches, and its weight at a distance of `x`, both in source pixels when enlarging. */
interface Filter {
  support: number;
  weight(x: number): number;
}

/** Pillow's filters (https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Resample.c). */
const FILTERS = {
  bilinear: { support: 1, weight: (x) => Math.max(0, 1 - Math.abs(x)) },
  /** Catmull and Rom's, a = -0.5 (https://en.wikipedia.org/wiki/Bicubic_interpolation#Bicubic_convolution_algorithm). */
  bicubic: { support: 2, weight: (x) => cubic(Math.abs(x)) },
  lanczos3: { support: 3, weight: (x) => (-3 <= x && x < 3 ? sinc(x) * sinc(x / 3) : 0) },
} as const satisfies Record<string, Filter>;

/** A filter that {@link resample} knows. */
export type FilterName = keyof typeof FILTERS;

function cubic(x: number): number {
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? (((x - 5) * x + 8) * x - 4) * -0.5 : 0;
}

const sinc = (x: number): number => (x === 0 ? 1 : Math.sin(x * Math.PI) / (x * Math.PI));

/** Weights are whole numbers of 1/2^22: 8 bits are the pixel's, and two are spare, for weights can be negative or add up to more than 1. */
const PRECISION_BITS = 32 - 8 - 2;
const HALF = 1 << (PRECISION_BITS - 1);

/**
 * Resizes with the filters of Pillow 13, bit for bit: what a filter covers grows as the picture shrinks; along the rows first, then along the
 * columns, 8 bits between. A side that keeps its length is left alone.
 * @param pixels [height, width, 3] RGB.
 * @returns pixels [size, size, 3].
 */
export function resample(
  pixels: Uint8Array,
  width: number,
  height: number,
  size: number,
  filter: FilterName,
): Uint8Array {
  const alongRows = (from: Uint8Array, rows: number) =>
    width === size ? from : resampleRows(from, width, rows, windows(width, size, filter));
  const alongColumns = (from: Uint8Array, columns: number) =>
    height === size ? from : resampleColumns(from, columns, windows(height, size, filter));
  // Pillow before 13 never begins with the columns: there, such a picture differs by 1 here and there.
  return height > size && height - size > (width - size) * 2
    ? alongRows(alongColumns(pixels, width), size)
    : alongColumns(alongRows(pixels, height), size);
}

/** For each target pixel of a side where its source pixels begin, how many there are, and their weights [target, taps]. */
interface Windows {
  begin: Int32Array;
  count: Int32Array;
  taps: number;
  weights: Int32Array;
}

/** Windows already computed. Photographs come in few sizes; a folder in which each has its own forgets the oldest. */
const known = new Map<string, Windows>();
const KNOWN_AT_MOST = 64;

function windows(from: number, to: number, filter: FilterName): Windows {
  const key = `${filter} ${from} ${to}`;
  const found = known.get(key) ?? computeWindows(from, to, FILTERS[filter]);
  known.delete(key);
  known.set(key, found); // the last one used stands last
  if (known.size > KNOWN_AT_MOST) known.delete(known.keys().next().value as string);
  return found;
}

function computeWindows(from: number, to: number, { support, weight }: Filter): Windows {
  const scale = from / to;
  const stretch = Math.max(scale, 1);
  const reach = support * stretch;
  const taps = Math.ceil(reach) * 2 + 1;
  const [begin, count, weights] = [new Int32Array(to), new Int32Array(to), new Int32Array(to * taps)];
  const exact = new Float64Array(taps);
  for (let i = 0; i < to; i++) {
    const centre = (i + 0.5) * scale;
    const first = Math.max(0, Math.trunc(centre - reach + 0.5));
    const n = Math.min(from, Math.trunc(centre + reach + 0.5)) - first;
    let sum = 0;
    for (let x = 0; x < n; x++) sum += exact[x] = weight((x + first - centre + 0.5) * (1 / stretch));
    for (let x = 0; x < n; x++) weights[i * taps + x] = fixed(sum === 0 ? 0 : (exact[x] as number) / sum);
    begin[i] = first;
    count[i] = n;
  }
  return { begin, count, taps, weights };
}

/** Rounded to the nearest whole number of 1/2^22, halves away from 0. */
const fixed = (weight: number): number => Math.trunc(weight * 2 ** PRECISION_BITS + (weight < 0 ? -0.5 : 0.5));

/** [height, width, 3] → [height, target, 3] */
function resampleRows(pixels: Uint8Array, width: number, height: number, windows: Windows): Uint8Array {
  const { begin, count, taps, weights } = windows;
  const target = begin.length;
  const result = new Uint8ClampedArray(height * target * 3);
  let at = 0;
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < target; column++) {
      let from = (row * width + (begin[column] as number)) * 3;
      let [r, g, b] = [HALF, HALF, HALF];
      const first = column * taps;
      const end = first + (count[column] as number);
      for (let tap = first; tap < end; tap++) {
        const weight = weights[tap] as number;
        r = (r + Math.imul(pixels[from] as number, weight)) | 0;
        g = (g + Math.imul(pixels[from + 1] as number, weight)) | 0;
        b = (b + Math.imul(pixels[from + 2] as number, weight)) | 0;
        from += 3;
      }
      result[at] = r >> PRECISION_BITS;
      result[at + 1] = g >> PRECISION_BITS;
      result[at + 2] = b >> PRECISION_BITS;
      at += 3;
    }
  }
  return new Uint8Array(result.buffer);
}

/** [height, width, 3] → [target, width, 3] */
function resampleColumns(pixels: Uint8Array, width: number, { begin, count, taps, weights }: Windows): Uint8Array {
  const target = begin.length;
  const stride = width * 3;
  const result = new Uint8ClampedArray(target * stride);
  const sums = new Int32Array(stride); // a whole row at a time: it reads its sources in the order they lie in memory
  for (let row = 0; row < target; row++) {
    sums.fill(HALF);
    for (let tap = 0; tap < (count[row] as number); tap++) {
      const weight = weights[row * taps + tap] as number;
      const from = ((begin[row] as number) + tap) * stride;
      for (let i = 0; i < stride; i++)
        sums[i] = ((sums[i] as number) + Math.imul(pixels[from + i] as number, weight)) | 0;
    }
    for (let i = 0; i < stride; i++) result[row * stride + i] = (sums[i] as number) >> PRECISION_BITS;
  }
  return new Uint8Array(result.buffer);
}
