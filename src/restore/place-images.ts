import { existsSync } from "node:fs";
import { join } from "node:path";
import { checkClasses, classNamesOf, naturally, type Split } from "../records/format/image-folder.ts";
import { StageError } from "../runtime/errors.ts";
import { locate } from "../runtime/locate.ts";
import { digestFiles, type PlacedImage } from "./install-images.ts";
import { readClassTable } from "./layout/class-table.ts";
import { type FoundFiles, findFiles } from "./layout/find-files.ts";
import { type Layout, type SourceImage, understandFolders } from "./layout/layout.ts";
import { setAside } from "./layout/validation-share.ts";
import type { Fetched } from "./sources/mirror.ts";
import type { DataParams } from "./take-first.ts";

/**
 * Finds the images of a source and their place in the data set to be, whatever the layout they lie in.
 * @returns split by split, class by class, images in natural order; the folder of the splits within the source; and what was understood
 *   and passed over, for people.
 * @throws StageError when there are no two splits of the same two or more classes.
 */
export async function placeImages(
  { folder, shown }: Fetched,
  data: DataParams,
): Promise<{ place: string; images: PlacedImage[]; notes: string[] }> {
  const found = await findFiles(folder, shown);
  const layout = await understand(found, { folder, shown }, data.table);
  const notes = [...layout.notes];
  let { train, validation } = layout;
  if (validation === undefined) {
    const images = train.toSorted((a, b) => naturally(a.file, b.file));
    const digests = await digestFiles(
      images.map(({ file }) => file),
      { folder, shown },
    );
    const all = images.length;
    ({ train, validation } = setAside(images, digests, data.validation_share, shown));
    notes.push(
      `there is no folder for validation: ${validation.length} of ${all} images are set aside for it (data.validation_share ${data.validation_share})`,
    );
  }
  const images = [...inOrder("train", train), ...inOrder("validation", validation)];
  checkClasses(
    {
      train: classNamesOf(train.map(({ label }) => label)),
      validation: classNamesOf(validation.map(({ label }) => label)),
    },
    shown,
  );
  return { place: layout.place, images, notes };
}

async function understand(found: FoundFiles, { folder, shown }: Fetched, table: string): Promise<Layout> {
  if (table === "none") return understandFolders(found, shown);
  const inside = found.others.find((file) => file === table || file.endsWith(`/${table}`));
  const file = inside !== undefined ? join(folder, inside) : locate(table);
  if (file === undefined || !existsSync(file))
    throw new StageError(`params.yaml: data.table is ${table}: no such file.`, {
      hint: "Correct the path: it counts from the images' folder, or from the project's. none is for classes in folders.",
    });
  return readClassTable(file, found, { source: shown, table });
}

function inOrder(split: Split, images: readonly SourceImage[]): PlacedImage[] {
  const placed = new Map<string, PlacedImage[]>();
  for (const { file, name, label } of images) {
    const entry = { file, image: `${split}/${label}/${name}`, split, label };
    const members = placed.get(label);
    if (members) members.push(entry);
    else placed.set(label, [entry]);
  }
  return classNamesOf(placed.keys()).flatMap((label) =>
    (placed.get(label) as PlacedImage[]).toSorted((a, b) => naturally(nameOf(a), nameOf(b))),
  );
}

const nameOf = ({ image }: PlacedImage): string => image.slice(image.lastIndexOf("/") + 1);
