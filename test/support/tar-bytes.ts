import { Header } from "tar";

/** An entry of a tar. */
export interface TarEntry {
  path: string;
  content?: string | Buffer;
  /** As node-tar names it. */
  type?: string;
  /** Where a link leads. */
  to?: string;
  /** What the header says, whatever the content's length is. */
  size?: number;
}

/** Entries of a tar by hand, without the blocks at its end: libraries would not write what an attacker does. */
export function tarEntries(entries: readonly TarEntry[]): Buffer {
  const blocks = entries.flatMap(({ path, content = "", type = "File", to = "", size }) => {
    const data = Buffer.from(content as string);
    const header = new Header({
      path,
      type: type as "File",
      size: size ?? data.length,
      mode: 0o644,
      linkpath: to,
      uid: 0,
      gid: 0,
    });
    const block = Buffer.alloc(512);
    header.encode(block, 0);
    return [block, data, Buffer.alloc((512 - (data.length % 512)) % 512)];
  });
  return Buffer.concat(blocks);
}

/** The two blocks that end a tar. */
export const TAR_END = Buffer.alloc(1024);

/** A whole tar. */
export const tarBytes = (entries: readonly TarEntry[]): Buffer => Buffer.concat([tarEntries(entries), TAR_END]);

/** Records of a pax header. */
export function paxRecords(records: Record<string, string>): string {
  return Object.entries(records)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      let length = Buffer.byteLength(rest);
      while (length !== Buffer.byteLength(rest) + String(length).length)
        length = Buffer.byteLength(rest) + String(length).length;
      return `${length}${rest}`;
    })
    .join("");
}
