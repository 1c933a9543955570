import { Header } from "tar";
import { quoted } from "../../runtime/printable.mjs";
import type { ArchiveGuard, EntryKind } from "./archive-guard.ts";
import { isExtension, readExtension, readHeader, type TarHeader } from "./tar-header.ts";
import { isZero, PADDING, PortionReader, tarStream } from "./tar-stream.ts";

const BLOCK = 512;

const KINDS: Record<string, EntryKind> = {
  File: "file",
  OldFile: "file",
  ContiguousFile: "file",
  Directory: "folder",
  GNUDumpDir: "folder",
  TapeVolumeHeader: "folder", // the name that `tar --label` gives the archive
  Link: "link",
  SymbolicLink: "link",
};

/**
 * Unpacks what {@link ArchiveGuard} admits of a tar file, gzipped or not, in pieces between which signals are heard.
 * Throws an Error saying what is wrong when it is damaged.
 */
export async function untar(archive: string, guard: ArchiveGuard, gzipped: boolean): Promise<void> {
  const reader = new PortionReader(tarStream(archive, gzipped));
  try {
    let announced: Partial<TarHeader> = {};
    for (let zeros = 0; zeros < 2; ) {
      const block = await need(reader.take(BLOCK));
      zeros = isZero(block) ? zeros + 1 : 0;
      if (zeros > 0) continue;
      const header = readHeader(block, announced);
      if (isExtension(header)) {
        guard.weigh(BLOCK + header.size);
        announced = { ...announced, ...readExtension(header, await content(reader, header.size, true)) };
        continue;
      }
      const kind = header.sparse ? "sparse file" : (KINDS[header.type] ?? "special file");
      const path = guard.admit(header.path, kind, header.size);
      const bytes = await content(reader, header.size, path !== undefined);
      if (path !== undefined) guard.write(path, bytes);
      announced = {};
    }
    await checkRest(reader);
  } finally {
    await reader.close();
  }
}

/** An entry's content, without what fills up its last block. @param keep false: it is passed over. */
async function content(reader: PortionReader, size: number, keep: boolean): Promise<Buffer> {
  const bytes = await need(reader.take(size, { keep }));
  await need(reader.take((BLOCK - (size % BLOCK)) % BLOCK, { keep: false }));
  return bytes;
}

async function need(bytes: Promise<Buffer | undefined>): Promise<Buffer> {
  const found = await bytes;
  if (found === undefined) throw new Error("its end is missing");
  return found;
}

/** After the two blocks of zeros that end a tar, only as many more may follow as writers fill up with. */
async function checkRest(reader: PortionReader): Promise<void> {
  let length = 0;
  for (let piece = await reader.next(); piece !== undefined; piece = await reader.next()) {
    if (!isZero(piece)) {
      const start = piece.subarray(piece.findIndex((byte) => byte !== 0)).subarray(0, BLOCK);
      const isTar = start.length === BLOCK && new Header(start).cksumValid;
      throw new Error(`${isTar ? "another tar" : quoted(start.toString("latin1", 0, 20))} follows its end`);
    }
    length += piece.length;
    if (length > PADDING) throw new Error(`more than ${PADDING} zeros follow its end`);
  }
}
