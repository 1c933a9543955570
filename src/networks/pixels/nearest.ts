/**
 * Resizes by nearest neighbour with Pillow's rule, pixel for pixel: the source column of x is floor((x + ½) · width / size), summed
 * up in steps as Pillow does (ImagingScaleAffine in https://github.com/python-pillow/Pillow/blob/main/src/libImaging/Geometry.c).
 * @param pixels [height, width, 3] RGB.
 * @returns pixels [size, size, 3].
 */
export function resizeNearest(pixels: Uint8Array, width: number, height: number, size: number): Uint8Array {
  const columns = sourceIndices(width, size);
  const rows = sourceIndices(height, size);
  const result = new Uint8Array(size * size * 3);
  let at = 0;
  for (const row of rows) {
    for (const column of columns) {
      const from = (row * width + column) * 3;
      result[at++] = pixels[from] as number;
      result[at++] = pixels[from + 1] as number;
      result[at++] = pixels[from + 2] as number;
    }
  }
  return result;
}

function sourceIndices(from: number, to: number): Uint32Array {
  const step = from / to;
  const indices = new Uint32Array(to);
  for (let i = 0, position = step * 0.5; i < to; i++, position += step)
    indices[i] = Math.min(Math.floor(position), from - 1);
  return indices;
}
