import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { FILE_LIMIT } from "../networks/pixels/files/decode-file.ts";
import type { ImageEntry } from "../records/format/image-folder.ts";
import { concurrently } from "../runtime/concurrently.ts";
import { explainSystemError, StageError } from "../runtime/errors.ts";
import { oneLine } from "../runtime/printable.mjs";
import { startProgress } from "../runtime/progress.ts";
import { isShortage } from "../runtime/system-error.mjs";
import { checkImage } from "./validate.ts";

/** Images in flight: enough to keep libuv's four threads busy. */
const IN_FLIGHT = 8;

/** Faulty images that one message names. */
const NAMED = 10;

/** An image of the data set to be, and the file it lies in now. */
export interface PlacedImage extends ImageEntry {
  /** Path from the source's root, with forward slashes. */
  file: string;
}

/** What {@link installImages} made of its images. */
export interface Installed {
  /** SHA-256 of each image, in their order. */
  digests: string[];
  /** Why an image is not there: in their order, nothing for those that are. */
  faults: (StageError | undefined)[];
}

/**
 * Decodes every image fully and puts it under `to`.
 * @param from where the images are; with `move` they are taken from there.
 * @param from.shown what to call that place in messages.
 * @param damaged `stop` at images that cannot be used, or `skip` them: they are left where they are.
 * @throws StageError naming the images that cannot be used, for `stop`.
 */
export async function installImages(
  images: readonly PlacedImage[],
  from: { folder: string; shown: string; move: boolean },
  to: string,
  damaged: "stop" | "skip",
): Promise<Installed> {
  const digests = new Array<string>(images.length);
  const faults = new Array<StageError | undefined>(images.length);
  const folders = new Set(images.map(({ image }) => dirname(image)));
  for (const folder of folders) await mkdir(join(to, folder), { recursive: true });
  const progress = startProgress("restore: checking", images.length, "images");
  try {
    await concurrently(images, IN_FLIGHT, async ({ image, file: source }, index) => {
      const file = join(from.folder, source);
      try {
        const bytes = await readImage(file, `${from.shown}/${oneLine(source)}`);
        digests[index] = createHash("sha256").update(bytes).digest("hex");
        await checkImage(bytes, `${from.shown}/${oneLine(source)}`);
        await (from.move ? rename(file, join(to, image)) : writeFile(join(to, image), bytes));
      } catch (error) {
        if (!(error instanceof StageError) || isShortage(error)) throw error; // no image is to blame
        faults[index] = error;
      }
      progress.advance();
    });
  } finally {
    progress.end();
  }
  if (damaged === "stop") report(faults.filter((fault) => fault !== undefined));
  return { digests, faults };
}

/** SHA-256 of each file, in their order. */
export async function digestFiles(
  files: readonly string[],
  from: { folder: string; shown: string },
): Promise<string[]> {
  const digests = new Array<string>(files.length);
  const progress = startProgress("restore: reading", files.length, "images");
  try {
    await concurrently(files, IN_FLIGHT, async (file, index) => {
      const bytes = await readImage(join(from.folder, file), `${from.shown}/${oneLine(file)}`);
      digests[index] = createHash("sha256").update(bytes).digest("hex");
      progress.advance();
    });
  } finally {
    progress.end();
  }
  return digests;
}

async function readImage(file: string, shown: string): Promise<Buffer> {
  try {
    const found = await stat(file);
    const { size } = found;
    if (!found.isFile()) throw new Error("it is no file"); // a link may lead to a pipe or to /dev/zero
    if (size <= FILE_LIMIT) return await readFile(file);
    throw new StageError(`${shown}: has ${Math.ceil(size / 1e6)} MB; the limit is ${FILE_LIMIT / 1e6} MB.`, {
      hint: "Remove or replace the file.",
    });
  } catch (error) {
    const known = explainSystemError(error);
    if (known instanceof StageError) throw known;
    throw new StageError(`${shown}: cannot be read: ${(error as Error).message}`, {
      hint: "Remove or replace the file.",
      cause: error,
    });
  }
}

function report(faults: readonly StageError[]): void {
  const [first, ...others] = faults;
  if (first === undefined) return;
  if (others.length === 0) throw first;
  const lines = faults.slice(0, NAMED).map((fault) => `  ${fault.message}`);
  if (faults.length > NAMED) lines.push(`  … and ${faults.length - NAMED} more`);
  throw new StageError(`${faults.length} images cannot be used:\n${lines.join("\n")}`, {
    hint: "Remove or replace these files, or set data.damaged to skip.",
  });
}
