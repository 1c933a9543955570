import { stat, writeFile } from "node:fs/promises";
import { dirname, extname } from "node:path";
import { writeWhole } from "../runtime/atomic-write.ts";
import { StageError } from "../runtime/errors.ts";
import type { Picture } from "./render.ts";

const ENCODERS: Record<string, (picture: Picture) => Buffer | Promise<string>> = {
  ".png": (picture) => picture.png(),
  ".jpg": (picture) => picture.jpeg(),
  ".jpeg": (picture) => picture.jpeg(),
  ".svg": (picture) => picture.svg(),
};

/** A file that a person named for a picture: its extension is the format. */
export interface PictureFile {
  /** Writes the picture, whole or not at all. */
  write(picture: Picture): Promise<void>;
}

/** Checks a picture's file name before anything is drawn. @throws StageError for an unknown extension or a missing folder. */
export async function pictureFile(file: string): Promise<PictureFile> {
  const extension = extname(file).toLowerCase();
  const encode = ENCODERS[extension];
  if (!encode) {
    throw new StageError(
      `--output ${file}: the extension is "${extension}"; it must be ${Object.keys(ENCODERS).join(", ")}.`,
      { hint: "Write for example `--output poison_7.5_percent_metrics.jpg`." },
    );
  }
  const folder = dirname(file);
  if (!(await isFolder(folder))) {
    throw new StageError(`--output ${file}: there is no folder ${folder}.`, {
      hint: `Make it first: \`mkdir -p "${folder}"\`.`,
    });
  }
  if (await isFolder(file)) {
    throw new StageError(`--output ${file}: this is a folder.`, { hint: "Give the name of a file." });
  }
  return {
    async write(picture) {
      const bytes = await encode(picture);
      await writeWhole(file, (partial) => writeFile(partial, bytes));
    },
  };
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isDirectory() ?? false;
}
