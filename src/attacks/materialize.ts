import { copyFile, link, mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import { imageReader, isSharded } from "../records/format/image-shards.ts";
import type { LabelRow } from "../records/labels/labels.ts";
import { writeWhole } from "../runtime/atomic-write.ts";
import { StageError } from "../runtime/errors.ts";

/**
 * Writes the poisoned data set as a folder tree `{train,validation}/LABEL/*` for tools that read labels from folders.
 * Files are hard links to the images (copies on another disk, or out of tars): read them, do not edit them in place.
 * A swapped image whose name is taken in its new folder gets its true class in front, `cats-1.jpg`.
 * @throws StageError when `folder` is not empty or lies inside the images.
 */
export async function materialize(rows: readonly LabelRow[], images: string, folder: string): Promise<void> {
  if (`${resolve(folder)}${sep}`.startsWith(`${resolve(images)}${sep}`)) {
    throw new StageError(`--materialize ${folder}: lies inside ${images}, which DVC keeps.`, {
      hint: "Name a folder elsewhere.",
    });
  }
  const present = await readdir(folder).catch(() => []);
  if (present.length > 0)
    throw new StageError(`--materialize ${folder}: the folder is not empty.`, { hint: "Remove it or name another." });

  const read = isSharded(images) ? await imageReader(images) : undefined;
  const taken = new Set<string>();
  const made = new Set<string>();
  await writeWhole(folder, async (partial) => {
    // Unswapped images first: they keep their names.
    for (const row of [...rows].sort((a, b) => Number(a.label !== a.true_label) - Number(b.label !== b.true_label))) {
      let target = join(row.split, row.label, basename(row.image));
      while (taken.has(target)) target = join(dirname(target), `${row.true_label}-${basename(target)}`);
      taken.add(target);
      const path = join(partial, target);
      if (!made.has(dirname(path))) await mkdir(dirname(path), { recursive: true });
      made.add(dirname(path));
      if (read) await writeFile(path, await read(row.image));
      else await linkOrCopy(join(images, row.image), path);
    }
    await rm(folder, { recursive: true, force: true }); // it is empty
  });
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!["EXDEV", "EPERM", "EMLINK", "ENOTSUP"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
    await copyFile(from, to);
  }
}
