import { basename } from "node:path";
import type { ImageEntry } from "../records/format/image-folder.ts";
import { StageError } from "../runtime/errors.ts";
import { oneLine, quoted } from "../runtime/printable.mjs";

/** Which images are restored: the section `data` of params.yaml. */
export interface DataParams {
  /** `auto`, `registry`, `mirror`, `generated`, `dvc:…` or `path:…` */
  source: string;
  /** `none`, or a table of the images' classes. */
  table: string;
  /** Share of each class that is for validation where the source has no such split. */
  validation_share: number;
  /** What to do about images that cannot be used. */
  damaged: "stop" | "skip";
  /** Images of each class, or all there are. */
  train_per_class: number | "all";
  validation_per_class: number | "all";
}

/**
 * Takes the first images of each class, as many as `params.yaml` asks for, and checks their names.
 * @param images split by split, class by class, each in natural order.
 * @param shown what to call the source in messages.
 * @throws StageError when a class has too few images or a name is not safe.
 */
export function takeFirst<T extends ImageEntry>(
  images: readonly T[],
  data: Pick<DataParams, "train_per_class" | "validation_per_class">,
  shown: string,
): T[] {
  const folders = new Map<string, T[]>();
  for (const image of images) {
    const folder = `${image.split}/${image.label}`;
    const members = folders.get(folder);
    if (members) members.push(image);
    else folders.set(folder, [image]);
  }
  const taken: T[] = [];
  for (const [folder, members] of folders) {
    const key = folder.startsWith("train/") ? "train_per_class" : "validation_per_class";
    const wanted = data[key];
    if (wanted !== "all" && members.length < wanted) {
      throw new StageError(
        `params.yaml: data.${key} is ${wanted}, but ${shown}/${oneLine(folder)} has ${members.length} image${members.length === 1 ? "" : "s"}.`,
        {
          hint: `Set data.${key} to ${members.length} or less, or to all; or add images.`,
        },
      );
    }
    taken.push(...(wanted === "all" ? members : members.slice(0, wanted)));
  }
  checkNames(taken, shown);
  return taken;
}

/** Characters that break tables, terminals or other systems' paths; U+FFFD stands for bytes that are not UTF-8. */
const UNSAFE = /[\p{Cc}\p{Cs}\u2028\u2029\uFFFD\\]/u;

/** Says what is wrong with a file or folder name; spaces, quotes and letters of any script are fine. */
export function nameFault(name: string): string | undefined {
  const fault = UNSAFE.exec(name)?.[0];
  if (fault === "\\") return "holds a backslash";
  if (fault === "\uFFFD") return "is not valid UTF-8";
  return fault && "holds a control character";
}

/** @throws StageError for an unsafe name, and for two that are one on a disk that ignores case or composes accents. */
function checkNames(images: readonly ImageEntry[], shown: string): void {
  const seen = new Map<string, string>();
  for (const { image, split, label } of images) {
    for (const path of [`${split}/${label}`, image]) {
      const fault = nameFault(basename(path));
      if (fault) throw new StageError(`${shown}: the name ${quoted(path)} ${fault}.`, { hint: "Rename it." });
      const key = path.normalize("NFC").toLowerCase();
      const other = seen.get(key) ?? path;
      if (other !== path) {
        throw new StageError(
          `${shown}: ${other} and ${path} differ only in upper and lower case or in how an accent is encoded.`,
          {
            hint: "Rename one: on macOS and Windows they are the same file.",
          },
        );
      }
      seen.set(key, path);
    }
  }
}
