import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { createGunzip } from "node:zlib";

/** Zeros that may follow the end of a tar or a gzip: writers fill up their last record, of 10 KiB by default and 1 MiB for tapes. */
export const PADDING = 2 ** 20;

/** The bytes of a tar file, unpacked if it is gzipped. Throws what zlib throws, and when another thing follows the end of the gzip. */
export async function* tarStream(archive: string, gzipped: boolean): AsyncGenerator<Buffer> {
  const file = createReadStream(archive);
  if (!gzipped) {
    yield* file;
    return;
  }
  const gunzip = createGunzip({ chunkSize: 2 ** 16 });
  file.on("error", (error) => gunzip.destroy(error));
  try {
    yield* file.pipe(gunzip);
  } finally {
    file.destroy();
    gunzip.destroy();
  }
  // zlib ends at the first zero between two members, whatever comes then.
  const left = (await stat(archive)).size - gunzip.bytesWritten;
  if (left > PADDING) throw new Error(`${left} bytes follow the end of its gzip`);
  for await (const chunk of createReadStream(archive, { start: gunzip.bytesWritten }))
    if (!isZero(chunk)) throw new Error("what is not gzipped follows the end of its gzip");
}

/** Whether there is nothing but zeros. */
export const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

/** Takes portions of any length out of a stream of pieces. */
export class PortionReader {
  readonly #pieces: AsyncIterator<Buffer>;
  #piece: Buffer = Buffer.alloc(0);

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The next piece, whatever its length; nothing at the end. */
  async next(): Promise<Buffer | undefined> {
    const piece = this.#piece;
    this.#piece = Buffer.alloc(0);
    if (piece.length > 0) return piece;
    const { done, value } = await this.#pieces.next();
    return done ? undefined : value;
  }

  /** The next `length` bytes, or nothing when fewer are left. `keep` false: they are passed over, and the answer is empty. */
  async take(length: number, { keep = true } = {}): Promise<Buffer | undefined> {
    const taken: Buffer[] = [];
    for (let missing = length; missing > 0; ) {
      const piece = await this.next();
      if (piece === undefined) return undefined;
      if (keep) taken.push(piece.subarray(0, missing));
      this.#piece = piece.subarray(missing);
      missing -= Math.min(missing, piece.length);
    }
    return taken.length === 1 ? taken[0] : Buffer.concat(taken);
  }

  /** Ends the stream. */
  async close(): Promise<void> {
    await this.#pieces.return?.();
  }
}
