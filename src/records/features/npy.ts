import { type FileHandle, open } from "node:fs/promises";
import { StageError, throwSystemError } from "../../runtime/errors.ts";
import { anew } from "../format/text.ts";

const MAGIC = "\x93NUMPY\x01\x00";

/** The header of a .npy file, version 1.0, of little-endian float32 in C order (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html). */
export function npyHeader(shape: readonly number[]): Buffer {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const unpadded = MAGIC.length + 2 + dictionary.length + 1;
  const text = `${dictionary}${" ".repeat((64 - (unpadded % 64)) % 64)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(text.length);
  return Buffer.concat([Buffer.from(MAGIC, "latin1"), length, Buffer.from(text, "latin1")]);
}

/** An open .npy file of float32 whose rows (first axis) are read one by one. */
export interface NpyFile {
  shape: number[];
  /** Position of the first value, in bytes. */
  offset: number;
  handle: FileHandle;
}

/** Opens a .npy file. @throws StageError when it is missing, damaged, empty, shorter than its header says, or not float32 in C order. */
export async function openNpy(file: string): Promise<NpyFile> {
  const handle = await open(file, "r").catch((cause: unknown) => {
    throwSystemError(cause, file);
    throw new StageError(`${file}: cannot be opened.`, {
      hint: "Write it first: `dvc repro extract-bottleneck`.",
      cause,
    });
  });
  try {
    const prefix = Buffer.alloc(10);
    await handle.read(prefix, 0, 10, 0);
    if (prefix.toString("latin1", 0, 8) !== MAGIC) throw new Error("it is not a .npy file, version 1.0");
    const text = Buffer.alloc(prefix.readUInt16LE(8));
    await handle.read(text, 0, text.length, 10);
    const fields = /'descr': '<f4', 'fortran_order': False, 'shape': \(([\d, ]+)\)/.exec(text.toString("latin1"));
    if (!fields) throw new Error("it does not hold little-endian float32 in C order");
    const shape = (fields[1] as string)
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number);
    if (shape.length < 2 || !shape.every((size) => size >= 1))
      throw new Error(`its shape is (${shape.join(", ")}); it must be (images, …), none of them zero`);
    const offset = 10 + text.length;
    const expected = offset + 4 * shape.reduce((a, b) => a * b, 1);
    const { size } = await handle.stat();
    if (size !== expected) throw new Error(`it has ${size} bytes; its header asks for ${expected}`);
    return { shape, offset, handle };
  } catch (error) {
    await handle.close();
    throwSystemError(error, file);
    throw new StageError(`${file}: cannot be read: ${(error as Error).message}.`, {
      hint: anew("extract-bottleneck"),
      cause: error,
    });
  }
}
