import { writeFile } from "node:fs/promises";
import { npyHeader, openNpy } from "../../records/features/npy.ts";
import { writeWhole } from "../../runtime/atomic-write.ts";
import { StageError } from "../../runtime/errors.ts";

/** float32 values in C order, and the shape that they have. */
export interface FloatArray {
  /** Two axes or more, none of them empty; the first one counts rows: [n, 4, 4, 512]. */
  shape: number[];
  values: Float32Array;
}

/**
 * Reads a .npy file of little-endian float32 in C order, version 1.0: what `numpy.save` writes of a float32 array.
 *
 * @example
 * ```ts
 * import { readNpy, writeNpy } from "dvc-poison/records";
 *
 * await writeNpy("features.npy", { shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) });
 * const { shape, values } = await readNpy("features.npy");
 * console.log(shape, values.at(-1)); // → [ 2, 3 ] 6
 * ```
 *
 * @throws StageError when it is missing, damaged, or of another kind.
 */
export async function readNpy(file: string): Promise<FloatArray> {
  const { shape, offset, handle } = await openNpy(file).catch((error: unknown) => {
    throw error instanceof StageError ? new StageError(error.message, { cause: error.cause }) : error; // no stage wrote it
  });
  try {
    const values = new Float32Array(shape.reduce((a, b) => a * b, 1));
    const bytes = new Uint8Array(values.buffer);
    for (let at = 0; at < bytes.length; )
      at += (await handle.read(bytes, at, bytes.length - at, offset + at)).bytesRead;
    return { shape, values };
  } finally {
    await handle.close();
  }
}

/**
 * Writes a .npy file, whole or not at all: `numpy.load` reads it.
 * @throws StageError when shape and values do not fit together.
 */
export async function writeNpy(file: string, { shape, values }: FloatArray): Promise<void> {
  assertShape(shape, values);
  const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
  await writeWhole(file, (partial) => writeFile(partial, [npyHeader(shape), bytes]));
}

/** @throws StageError when a shape has not two axes or more, one of them is empty, or it asks for another number of values. */
export function assertShape(shape: readonly number[], values: ArrayLike<number>): void {
  const length = shape.reduce((a, b) => a * b, 1);
  if (shape.length < 2 || !shape.every((size) => Number.isInteger(size) && size > 0) || length !== values.length)
    throw new StageError(
      `the shape is [${shape.join(", ")}] for ${values.length} values; it must be [rows, …] of as many, no axis empty.`,
    );
}
