import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { IMAGE_NAME, naturally } from "../../records/format/image-folder.ts";
import { StageError, throwSystemError } from "../../runtime/errors.ts";

/**
 * The image files that some paths stand for: a file is itself, a folder is all images anywhere in it, in natural order. Hidden files
 * and folders are passed over.
 * @throws StageError when nothing is at a path, or no image in a folder.
 */
export async function findImages(paths: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const path of paths) {
    const entry = await stat(path).catch((cause: unknown) => {
      throwSystemError(cause, path);
      throw new StageError(`${path}: no such file or folder.`, { cause });
    });
    found.push(...(entry.isDirectory() ? await imagesIn(path) : [path]));
  }
  return found;
}

async function imagesIn(folder: string): Promise<string[]> {
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => IMAGE_NAME.test(name) && !/(^|[/\\])\./.test(name),
  );
  if (names.length === 0) throw new StageError(`${folder}: found no image in it.`);
  return names.sort(naturally).map((name) => join(folder, name));
}
