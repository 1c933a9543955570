import { Random } from "../../numbers/random.ts";
import { classNamesOf } from "../../records/format/image-folder.ts";
import { StageError } from "../../runtime/errors.ts";
import { quoted } from "../../runtime/printable.mjs";
import type { SourceImage } from "./layout.ts";

/** The same images are for validation whatever the experiment's `seed`: a sweep over seeds needs no new features. */
const SEED = 1;

/**
 * Sets a share of each class aside for validation. Images that are byte for byte the same are kept on one side.
 * @param images in the order that decides, together with the classes' names.
 * @param digests of their bytes, in their order.
 * @param share of each class, 0 < share < 1; to the nearest whole number, at least one image.
 * @throws StageError when a class has too few different images to have some on both sides.
 */
export function setAside(
  images: readonly SourceImage[],
  digests: readonly string[],
  share: number,
  shown: string,
): { train: SourceImage[]; validation: SourceImage[] } {
  const side = new Map<string, "train" | "validation">();
  const classes = new Map<string, number[]>();
  for (const [index, { label }] of images.entries()) {
    const members = classes.get(label);
    if (members) members.push(index);
    else classes.set(label, [index]);
  }
  for (const label of classNamesOf(classes.keys())) {
    const members = classes.get(label) as number[];
    const sizes = new Map<string, number>();
    for (const index of new Random(SEED, "validation", label).permutation(members.length)) {
      const digest = digests[members[index] as number] as string;
      sizes.set(digest, (sizes.get(digest) ?? 0) + 1);
    }
    const wanted = Math.min(Math.max(1, Math.round(members.length * share)), members.length - 1);
    const open = [...sizes.keys()].filter((digest) => !side.has(digest)); // in the seed's order
    const on = (which: "train" | "validation") => [...sizes].filter(([digest]) => side.get(digest) === which);
    let taken = on("validation").reduce((sum, [, size]) => sum + size, 0);
    for (const digest of open) {
      const size = sizes.get(digest) as number;
      const aside = taken + size <= wanted;
      side.set(digest, aside ? "validation" : "train");
      if (aside) taken += size;
    }
    // One image that stands there many times is more than the share, and may be on the only side there is.
    if (on("validation").length === 0 && open.length > 0) side.set(open.at(-1) as string, "validation");
    if (on("train").length === 0 && open.length > 0) side.set(open.at(0) as string, "train");
    if (on("train").length === 0 || on("validation").length === 0)
      throw new StageError(
        `${shown}: the class ${quoted(label)} has ${sizes.size === 1 ? "one image" : `${sizes.size} different images`}, too few to set some aside for validation.`,
        {
          hint: "Add images to the class or remove it, or lay the images out as train/CLASS/* and validation/CLASS/*.",
        },
      );
  }
  const part = (wanted: "train" | "validation") => images.filter((_, i) => side.get(digests[i] as string) === wanted);
  return { train: part("train"), validation: part("validation") };
}
