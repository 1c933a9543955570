import { createHash } from "node:crypto";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ImageEntry } from "../records/format/image-folder.ts";
import { concurrently } from "../runtime/concurrently.ts";
import { explainSystemError, StageError } from "../runtime/errors.ts";
import { startProgress } from "../runtime/progress.ts";
import { checkImage, FILE_LIMIT } from "./validate.ts";

/** Images in flight: enough to keep libuv's four threads busy. */
const IN_FLIGHT = 8;

/** Faulty images that one message names. */
const NAMED = 10;

/**
 * Decodes every image fully and puts it under `to`.
 * @param from where the images are; with `move` they are taken from there.
 * @param from.shown what to call that place in messages.
 * @returns the SHA-256 of each image, in their order.
 * @throws StageError naming the images that cannot be used.
 */
export async function installImages(
  images: readonly ImageEntry[],
  from: { folder: string; shown: string; move: boolean },
  to: string,
): Promise<string[]> {
  const digests = new Array<string>(images.length);
  const faults = new Array<StageError | undefined>(images.length);
  const folders = new Set(images.map(({ image }) => dirname(image)));
  for (const folder of folders) await mkdir(join(to, folder), { recursive: true });
  const progress = startProgress("restore: checking", images.length, "images");
  try {
    await concurrently(images, IN_FLIGHT, async ({ image }, index) => {
      const file = join(from.folder, image);
      try {
        const bytes = await readImage(file, `${from.shown}/${image}`);
        digests[index] = createHash("sha256").update(bytes).digest("hex");
        await checkImage(bytes, `${from.shown}/${image}`);
        await (from.move ? rename(file, join(to, image)) : writeFile(join(to, image), bytes));
      } catch (error) {
        if (!(error instanceof StageError)) throw error;
        faults[index] = error;
      }
      progress.advance();
    });
  } finally {
    progress.end();
  }
  report(faults.filter((fault) => fault !== undefined));
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
    hint: "Remove or replace these files.",
  });
}
