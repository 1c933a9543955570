import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { folderMd5 } from "./folder-md5.ts";

/** MD5 of a file, which is DVC's digest of it: 32 hexadecimal digits. */
export async function fileDigest(file: string): Promise<string> {
  const hash = createHash("md5");
  for await (const chunk of createReadStream(file, { highWaterMark: 2 ** 20 })) hash.update(chunk);
  return hash.digest("hex");
}

/** DVC's digest of a folder: an MD5 with the suffix `.dir`, 36 characters. Reads all files, one piece at a time. */
export async function folderDigest(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const rows: { md5: string; relpath: string }[] = [];
  for (const entry of entries.filter((entry) => !entry.isDirectory())) {
    const file = join(entry.parentPath ?? entry.path, entry.name); // `parentPath` came with Node 20.12
    rows.push({ md5: await fileDigest(file), relpath: relative(folder, file).split(sep).join("/") });
  }
  return folderMd5(rows);
}
