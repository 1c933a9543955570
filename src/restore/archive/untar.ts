import { once } from "node:events";
import { createReadStream } from "node:fs";
import { Parser, type ReadEntry } from "tar";
import type { ArchiveGuard, EntryKind } from "./archive-guard.ts";

const KINDS: Record<string, EntryKind> = {
  File: "file",
  OldFile: "file",
  ContiguousFile: "file",
  Directory: "folder",
  GNUDumpDir: "folder",
  Link: "link",
  SymbolicLink: "link",
};

/** Unpacks what {@link ArchiveGuard} admits of a tar file, gzipped or not. Throws what tar and zlib throw when it is damaged. */
export async function untar(archive: string, intake: ArchiveGuard): Promise<void> {
  let failure: unknown;
  let complete = false;
  let stop: () => void = () => {};
  const stopped = new Promise<void>((resolve) => {
    stop = resolve;
  });
  const fail = (error: unknown): void => {
    failure ??= error;
    stop();
  };

  // Errors inside the parser's callbacks would be lost in it.
  const attempt = (step: () => void): void => {
    try {
      if (failure === undefined) step();
    } catch (error) {
      fail(error);
    }
  };
  const receive = (entry: ReadEntry): void => {
    const path = intake.admit(entry.path, KINDS[entry.type] ?? "special file", entry.size);
    if (path === undefined) {
      entry.resume();
      return;
    }
    const chunks: Uint8Array[] = [];
    entry.on("data", (chunk) => chunks.push(chunk));
    entry.on("end", () => attempt(() => intake.write(path, Buffer.concat(chunks))));
  };

  const parser = new Parser({ strict: true, onReadEntry: (entry) => attempt(() => receive(entry)) });
  parser.on("error", fail);
  parser.on("end", stop);
  parser.on("eof", () => {
    complete = true;
  });
  for await (const chunk of createReadStream(archive)) {
    if (!parser.write(chunk as Buffer)) await Promise.race([once(parser, "drain"), stopped]);
    if (failure !== undefined) throw failure;
  }
  parser.end();
  await stopped;
  if (failure !== undefined) throw failure;
  if (!complete) throw new Error("its end is missing");
}
