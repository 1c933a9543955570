import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { IMAGE_NAME, SPLITS } from "../../records/format/image-folder.ts";
import { StageError } from "../../runtime/errors.ts";
import { quoted } from "../../runtime/printable.mjs";
import { ignoredFolder, TOP_FOLDERS } from "../find-splits.ts";
import { nameFault } from "../take-first.ts";
import { FILE_LIMIT } from "../validate.ts";

/**
 * What an archive may unpack to, with all that is passed over in it: at most this many entries, and 1 GiB plus 20 times its own size.
 * Photographs hardly shrink.
 */
export const UNPACK_LIMITS = { entries: 1_000_000, bytes: 2 ** 30, ratio: 20 };

export type EntryKind = "file" | "folder" | "link" | "special file" | "sparse file";

/** The gate between an archive and the disk: decides what is unpacked and where to; nothing leaves the folder. */
export class ArchiveGuard {
  readonly #folder: string;
  readonly #shown: string;
  readonly #limit: number;
  readonly #taken = new Set<string>();
  #bytes = 0;
  #entries = 0;

  /**
   * @param shown what to call the archive in messages.
   * @param size of the archive in bytes.
   */
  constructor(folder: string, shown: string, size: number) {
    this.#folder = folder;
    this.#shown = shown;
    this.#limit = UNPACK_LIMITS.bytes + UNPACK_LIMITS.ratio * size;
  }

  /**
   * @param size of the entry in bytes, as the archive declares it.
   * @returns where the entry belongs, or `undefined` for what is not of the layout and stays packed.
   * @throws StageError for an entry that is a link, leads elsewhere, stands there twice or is too large.
   */
  admit(name: string, kind: EntryKind, size: number): string | undefined {
    const refuse = (why: string) => this.#refuse(`the entry ${quoted(name)} ${why}`);
    if (++this.#entries > UNPACK_LIMITS.entries)
      refuse(`is one too many; the limit is ${UNPACK_LIMITS.entries} entries`);
    this.#bytes += size;
    if (this.#bytes > this.#limit) refuse(`is too much: ${this.#tooMuch}`);
    if (name.startsWith("/") || /^[a-z]:/i.test(name)) refuse("has an absolute name");
    const parts = name.split("/").filter((part) => part !== "" && part !== ".");
    if (parts.includes("..")) refuse("leads out of its folder");
    const fault =
      nameFault(parts.join("")) ??
      (parts.some((part) => Buffer.byteLength(part) > 255) ? "has a part longer than 255 bytes" : undefined);
    if (fault) refuse(fault);
    if (kind !== "file" && kind !== "folder") refuse(`is a ${kind}`);
    if (kind === "folder" || !belongs(parts)) return undefined;

    if (size > FILE_LIMIT) refuse(`has ${Math.ceil(size / 1e6)} MB; the limit is ${FILE_LIMIT / 1e6} MB`);
    const path = parts.join("/");
    if (this.#taken.has(path)) refuse("stands there twice");
    this.#taken.add(path);
    return join(this.#folder, path);
  }

  /** Hears how many entries the archive claims to have. @throws StageError when they are too many. */
  announce(entries: number): void {
    if (entries > UNPACK_LIMITS.entries)
      this.#refuse(`it has ${entries} entries; the limit is ${UNPACK_LIMITS.entries} entries`);
  }

  /** Counts bytes that the archive unpacks to beside its entries. @throws StageError once all are too much. */
  weigh(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes > this.#limit) this.#refuse(this.#tooMuch);
  }

  /** Writes an admitted entry. */
  write(path: string, bytes: Buffer): void {
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes, { flag: "wx" });
  }

  get #tooMuch(): string {
    return `the archive would unpack to more than ${Math.floor(this.#limit / 1e6)} MB`;
  }

  #refuse(why: string): never {
    throw new StageError(`${this.#shown}: ${why}.`, {
      hint: "Do not trust this archive: pack plain folders of images.",
    });
  }
}

/** Whether a name is `[top/…]{train,validation}/CLASS/NAME.jpg` or the `dataset.json` beside the splits. */
function belongs(parts: readonly string[]): boolean {
  if (parts.at(-1) === "dataset.json") return parts.length <= TOP_FOLDERS + 1;
  const [split, label, file] = parts.slice(-3);
  const top = parts.slice(0, -3);
  if (file === undefined || label === undefined || !SPLITS.includes(split as never) || top.length > TOP_FOLDERS)
    return false;
  return IMAGE_NAME.test(file) && !file.startsWith(".") && ![...top, label].some(ignoredFolder);
}
