import { createHash } from "node:crypto";
import { open } from "node:fs/promises";
import { npyHeader } from "./npy.ts";

/** Streams rows to a .npy file: an open file, to be held with `await using`. */
export interface PartWriter extends AsyncDisposable {
  /** Appends whole rows. */
  append(rows: Float32Array): Promise<void>;
  /** Ends the file. @returns its SHA-256. @throws Error when fewer or more rows came than were announced. */
  close(): Promise<string>;
}

/** Begins a file of rows of shape [h, w, channels]; `numpy.load` reads it. */
export async function createPart(file: string, rows: number, rowShape: readonly number[]): Promise<PartWriter> {
  const handle = await open(file, "wx");
  const hash = createHash("sha256");
  const write = async (bytes: Uint8Array) => {
    hash.update(bytes);
    await handle.writeFile(bytes);
  };
  await write(npyHeader([rows, ...rowShape]));
  const values = rows * rowShape.reduce((a, b) => a * b, 1);
  let written = 0;
  return {
    async append(rows) {
      await write(bytesOf(rows));
      written += rows.length;
    },
    async close() {
      await handle.close();
      if (written !== values) throw new Error(`${file}: ${written} feature values written, ${values} expected`);
      return hash.digest("hex");
    },
    [Symbol.asyncDispose]: () => handle.close(), // once more does no harm
  };
}

/** The bytes of values, little-endian as on every machine that Node runs on. */
export const bytesOf = (values: Float32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
