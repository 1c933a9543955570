import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { FILE_LIMIT } from "../../networks/pixels/files/decode-file.ts";
import { IMAGE_NAME } from "../../records/format/image-folder.ts";
import { StageError } from "../../runtime/errors.ts";
import { quoted } from "../../runtime/printable.mjs";
import { endingFor, START } from "../layout/image-content.ts";
import { isJunk } from "../layout/junk.ts";
import { nameFault } from "../take-first.ts";

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
   * @returns where the entry belongs, or `undefined` for what is certainly no image and stays packed.
   * @throws StageError for an entry that leads elsewhere or stands there twice, and for an image that is a link or is too large.
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
    const file = parts.at(-1) ?? "";
    if (kind === "folder" || parts.length === 0 || parts.some(isJunk)) return undefined;
    if (kind === "link" && BESIDE.test(file)) return undefined;
    if (kind !== "file") refuse(`is a ${kind}`);
    if (size > FILE_LIMIT && !IMAGE_NAME.test(file)) return undefined;
    if (size > FILE_LIMIT) refuse(`has ${Math.ceil(size / 1e6)} MB; the limit is ${FILE_LIMIT / 1e6} MB`);
    const path = parts.join("/");
    const again = this.#taken.has(path);
    if (again && !IMAGE_NAME.test(file) && !KEPT.test(file)) return undefined;
    if (again) refuse("stands there twice");
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

  /** Writes an admitted entry: an image or a table. Of another file only the name stays, so that messages can tell what was there. */
  write(path: string, bytes: Buffer): void {
    const wanted = IMAGE_NAME.test(path) || KEPT.test(path) || endingFor(bytes.subarray(0, START)) !== undefined;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, wanted ? bytes : "", { flag: "wx" });
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

/** What stands beside images and may be a link: no image and no folder. */
const BESIDE =
  /^(licen[cs]es?|readme|copying|notice|authors|changelog|version)\b|\.(txt|md|rst|pdf|html?|json|csv|xml|ya?ml)$/i;

/** What a source says about itself, tables of classes, and classes of single images. */
const KEPT = /(^|[/\\])dataset\.json$|\.(csv|txt|cls)$/i;
