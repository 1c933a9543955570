import { Header } from "tar";

/** What the extended headers before an entry say of it, and then its own. */
export interface TarHeader {
  /** `File`, `Directory`, …: https://www.gnu.org/software/tar/manual/html_node/Standard.html. */
  type: string;
  /** Undefined in an extended header that does not give it. */
  path?: string;
  /** Bytes of content. */
  size?: number;
  /** Only some parts of the file's content are stored. */
  sparse?: boolean;
}

const PAX = "ExtendedHeader";
const PAX_FOR_ALL = "GlobalExtendedHeader";
const LONG_PATH = ["NextFileHasLongPath", "OldGnuLongPath"];
const LONG_LINK = "NextFileHasLongLinkpath";

/** Bytes of one extended header: a path has at most some thousands. */
const LONGEST = 2 ** 20;

/** Whether an entry is an extended header: its content tells of the entries after it. */
export const isExtension = ({ type }: TarHeader): boolean => [PAX, PAX_FOR_ALL, ...LONG_PATH, LONG_LINK].includes(type);

/**
 * Reads a header of 512 bytes.
 * @param announced by the extended headers before it: that counts more.
 * @throws Error when it is none.
 */
export function readHeader(block: Buffer, announced: Partial<TarHeader>): TarHeader & { path: string; size: number } {
  const header = new Header(block, 0, announced as object);
  if (!header.cksumValid) throw new Error("the checksum of a header is wrong");
  const { type } = header;
  const extension = isExtension({ type });
  const size = header.size ?? 0;
  if (!Number.isSafeInteger(size)) throw new Error(`the size of an entry is ${size}`);
  if (extension && size > LONGEST) throw new Error(`an extended header has ${size} bytes; the limit is ${LONGEST}`);
  if (extension) return { type, path: "", size };
  const path = announced.path ?? header.path;
  if (!path) throw new Error("an entry has no name");
  return { type, path, size, sparse: type === "SparseFile" || announced.sparse === true };
}

/** Reads the content of an extended header. @returns what it says of the next entry. @throws Error when it is damaged or says it of all. */
export function readExtension({ type }: TarHeader, content: Buffer): Partial<TarHeader> {
  if (type === LONG_LINK) return {};
  if (LONG_PATH.includes(type)) return { path: content.toString("utf8").split("\0")[0] as string };
  const records = paxRecords(content);
  const said: Partial<TarHeader> = {};
  const [path, size] = [records.get("path"), records.get("size")];
  if (path !== undefined) said.path = path;
  if (size !== undefined) said.size = /^\d+$/.test(size) ? Number(size) : Number.NaN;
  if ([...records.keys()].some((key) => key.startsWith("GNU.sparse."))) said.sparse = true;
  const keys = Object.keys(said);
  if (type === PAX_FOR_ALL && keys.length > 0)
    throw new Error(`a global header gives all entries one ${keys.join(", ")}`);
  return said;
}

/** The records `LENGTH KEY=VALUE\n` of a pax header: https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html. */
function paxRecords(content: Buffer): Map<string, string> {
  const records = new Map<string, string>();
  for (let at = 0; at < content.length; ) {
    const blank = content.indexOf(" ", at);
    const length = Number(content.toString("latin1", at, Math.min(blank, at + 10)));
    const end = at + length - 1;
    if (!(end > blank) || content[end] !== 0x0a) throw new Error("an extended header is damaged");
    const record = content.toString("utf8", blank + 1, end);
    const equals = record.indexOf("=");
    records.set(record.slice(0, equals), record.slice(equals + 1));
    at = end + 1;
  }
  return records;
}
