import zlib from "node:zlib";
import yauzl, { type Entry, type ZipFile } from "yauzl";
import { StageError } from "../../runtime/errors.ts";
import { quoted } from "../../runtime/printable.mjs";
import type { ArchiveGuard, EntryKind } from "./archive-guard.ts";

/** Bytes before an entry's content, beside its name: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT, 4.3.7. */
const LOCAL_HEADER = 30;

/**
 * Unpacks what {@link ArchiveGuard} admits of a zip file; nothing is written before its whole list of entries has been admitted.
 * Throws an Error, as yauzl and zlib do, when it is damaged.
 */
export async function unzip(archive: string, guard: ArchiveGuard): Promise<void> {
  // Names are decoded here: yauzl would stop at an unsafe one without naming its fault as we do.
  const zip: ZipFile = await yauzl.openPromise(archive, { lazyEntries: true, autoClose: false, decodeStrings: false });
  try {
    guard.announce(zip.entryCount);
    const admitted: { path: string; entry: Entry }[] = [];
    for await (const entry of zip.eachEntry()) {
      const path = guard.admit(nameOf(entry), kindOf(entry), entry.uncompressedSize);
      if (path !== undefined) admitted.push({ path, entry });
    }
    for (const { entry } of admitted) checkPacking(entry);
    checkOverlap(admitted.map(({ entry }) => entry));
    for (const { path, entry } of admitted) guard.write(path, await readEntry(zip, entry));
  } finally {
    zip.close();
  }
}

/** How zips pack what we cannot unpack: APPNOTE.TXT, 4.4.5. */
const METHODS = new Map([
  [9, "Deflate64"],
  [12, "bzip2"],
  [14, "LZMA"],
  [93, "Zstandard"],
  [95, "xz"],
  [98, "PPMd"],
]);

/** @throws StageError for an entry that is whole but encrypted, or packed in a way that cannot be read. */
function checkPacking(entry: Entry): void {
  const { compressionMethod: method, generalPurposeBitFlag } = entry;
  const name = `the entry ${quoted(nameOf(entry))}`;
  if (generalPurposeBitFlag & 1 || method === 99)
    throw new StageError(`${name} is encrypted.`, {
      hint: "Unpack the archive with its password and name the folder.",
    });
  if (method !== 0 && method !== 8)
    throw new StageError(
      `${name} is packed by ${METHODS.get(method) ?? `method ${method}`}; stored and Deflate can be read.`,
      {
        hint: "Unpack the archive and name the folder, or pack it anew with `zip`.",
      },
    );
}

/** Entries that share their content are how a small zip unpacks to any size: https://www.usenix.org/conference/woot19/presentation/fifield. */
function checkOverlap(entries: readonly Entry[]): void {
  const sorted = entries.toSorted((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader);
  for (const [i, entry] of sorted.entries()) {
    const next = sorted[i + 1];
    const end = entry.relativeOffsetOfLocalHeader + LOCAL_HEADER + entry.fileNameRaw.length + entry.compressedSize;
    if (next !== undefined && next.relativeOffsetOfLocalHeader < end)
      throw new Error(`${quoted(nameOf(entry))} and ${quoted(nameOf(next))} overlap`);
  }
}

async function readEntry(zip: ZipFile, entry: Entry): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  // zlib.crc32 came with Node 20.15.
  if (zlib.crc32?.(bytes) !== undefined && zlib.crc32(bytes) !== entry.crc32)
    throw new Error(`wrong checksum of ${quoted(nameOf(entry))}`);
  return bytes;
}

/** The name: UTF-8 if it is that, whatever the entry's flag says (macOS does not set it); else as the zip standard decodes it. */
function nameOf(entry: Entry): string {
  let name: string;
  try {
    name = new TextDecoder("utf-8", { fatal: true }).decode(entry.fileNameRaw);
  } catch {
    name = yauzl.getFileNameLowLevel(entry.generalPurposeBitFlag, entry.fileNameRaw, entry.extraFields, false);
  }
  return name.replaceAll("\\", "/");
}

/** Zip keeps the Unix file type in the upper half of the external attributes. */
function kindOf(entry: Entry): EntryKind {
  const type = (entry.externalFileAttributes >>> 16) & 0o170000;
  if (type === 0o120000) return "link";
  if (type === 0o040000 || entry.fileNameRaw.at(-1) === 0x2f) return "folder";
  return type === 0 || type === 0o100000 ? "file" : "special file";
}
