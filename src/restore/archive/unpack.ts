import { open, stat } from "node:fs/promises";
import { explainSystemError, StageError } from "../../runtime/errors.ts";
import { ArchiveGuard } from "./archive-guard.ts";
import { untar } from "./untar.ts";
import { unzip } from "./unzip.ts";

/** File names that are archives we can read. */
export const ARCHIVE_NAME = /\.(zip|tar|tar\.gz|tgz)$/i;

/** The class of a WebDataset's sample, in a file of its own. */
export const CLASS_NAME = /\.cls$/;

/** First bytes of archives: https://en.wikipedia.org/wiki/List_of_file_signatures. */
const SIGNATURES: readonly [hex: string, format: string][] = [
  ["504b0304", "zip"],
  ["504b0506", "zip"],
  ["1f8b", "tar.gz"],
  ["fd377a585a00", "xz"],
  ["425a68", "bzip2"],
  ["28b52ffd", "zstd"],
  ["377abcaf271c", "7z"],
  ["526172211a07", "rar"],
  ["3c", "a web page"],
];

/**
 * Unpacks the images and tables of a zip, tar or tar.gz; of everything else in it only the names.
 * @param shown what to call the archive in messages.
 * @throws StageError when it is no such archive, is damaged or cut short, or holds an unsafe entry.
 */
export async function unpack(archive: string, folder: string, shown: string): Promise<void> {
  const format = await recognize(archive);
  if (!["zip", "tar", "tar.gz"].includes(format)) {
    throw new StageError(`${shown}: is ${format}; zip, tar and tar.gz can be read.`, {
      hint: "Pack the images anew, or unpack them and name the folder.",
    });
  }
  const guard = new ArchiveGuard(folder, shown, (await stat(archive)).size);
  try {
    await (format === "zip" ? unzip(archive, guard) : untar(archive, guard, format === "tar.gz"));
  } catch (error) {
    if (error instanceof StageError && !error.message.startsWith(shown))
      throw new StageError(`${shown}: ${error.message}`, { ...(error.hint && { hint: error.hint }), cause: error });
    const known = explainSystemError(error);
    if (known instanceof StageError) throw known;
    throw new StageError(
      `${shown}: the ${format.slice(0, 3)} archive is damaged or cut short: ${(error as Error).message}.`,
      {
        hint: "Download or pack it again.",
        cause: error,
      },
    );
  }
}

async function recognize(archive: string): Promise<string> {
  const file = await open(archive);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(8), 0, 8, 0);
    const start = buffer.subarray(0, bytesRead).toString("hex");
    return SIGNATURES.find(([hex]) => start.startsWith(hex))?.[1] ?? (bytesRead === 0 ? "empty (0 bytes)" : "tar");
  } finally {
    await file.close();
  }
}
