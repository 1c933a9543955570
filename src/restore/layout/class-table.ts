import { readFile } from "node:fs/promises";
import { csvParseRows } from "d3-dsv";
import { separatorFault } from "../../records/format/csv.ts";
import { StageError } from "../../runtime/errors.ts";
import { oneLine, quoted } from "../../runtime/printable.mjs";
import { decodeUtf8 } from "../../runtime/utf8.ts";
import type { FoundFiles } from "./find-files.ts";
import { baseName, type Layout, type SourceImage, withEnding } from "./layout.ts";
import { splitRole } from "./split-role.ts";

const HINT =
  "It needs the columns image,label and may have split (train, validation, test); image is a path from the images' folder, or a file's name.";

/**
 * What a table of the user's own says about the images of a source: `image,label[,split]`, one row an image.
 * @param shown what messages call the source and the table.
 * @throws StageError naming the row that cannot be understood or whose image is not there.
 */
export async function readClassTable(
  table: string,
  found: FoundFiles,
  shown: { source: string; table: string },
): Promise<Layout> {
  const refuse = (what: string) => new StageError(`${shown.table}: ${what}`, { hint: HINT });
  const decoded = decodeUtf8(await readFile(table));
  if ("fault" in decoded)
    throw new StageError(`${shown.table}: it ${decoded.fault}.`, { hint: "Save it as UTF-8 (in Excel: CSV UTF-8)." });
  const [header = [], ...lines] = csvParseRows(decoded.text);
  const columns = header.map((name) => name.trim().toLowerCase());
  const [image, label, split] = ["image", "label", "split"].map((name) => columns.indexOf(name)) as [
    number,
    number,
    number,
  ];
  const apart = separatorFault(header);
  if (apart !== undefined) throw refuse(apart);
  const twice = ["image", "label", "split"].find((name) => columns.indexOf(name) !== columns.lastIndexOf(name));
  if (twice !== undefined) throw refuse(`the column ${twice} stands in it twice.`);
  if (image < 0 || label < 0)
    throw refuse(`the column ${image < 0 ? "image" : "label"} is missing; it has ${oneLine(header.join(", "))}.`);

  const files = byNames(found.images);
  const parts: Record<"train" | "validation" | "test" | "none", SourceImage[]> = {
    train: [],
    validation: [],
    test: [],
    none: [],
  };
  const seen = new Map<string, number>();
  for (const [i, row] of lines.entries()) {
    if (row.length === 1 && row[0]?.trim() === "") continue;
    const where = `row ${i + 2}`;
    if (row.length > header.length)
      throw refuse(
        `${where}: it has ${row.length} values, but there are ${header.length} columns: put what holds a comma into quotation marks.`,
      );
    const said = row[image]?.trim() ?? "";
    const named = row[label]?.trim() ?? "";
    if (said === "" || named === "") throw refuse(`${where}: ${said === "" ? "image" : "label"} is empty.`);
    if (named === "." || named === ".." || /[/\\]/.test(named))
      throw refuse(`${where}: the label ${quoted(named)} cannot name a class: it holds a slash.`);
    const file = files.get(said.replaceAll("\\", "/").replace(/^\.\//, ""));
    if (file === undefined) throw refuse(`${where}: there is no image ${quoted(said)} in ${shown.source}.`);
    if (file === AMBIGUOUS) throw refuse(`${where}: more than one image is named ${quoted(said)}: give its path.`);
    const before = seen.get(file);
    if (before !== undefined) throw refuse(`${where}: ${quoted(said)} stands in row ${before}, too.`);
    seen.set(file, i + 2);
    const part = split < 0 ? "" : (row[split]?.trim() ?? "");
    const role = part === "" ? "none" : splitRole(part);
    if (role === undefined)
      throw refuse(`${where}: the split is ${quoted(part)}; it must be train, validation or test.`);
    parts[role].push({ file, label: named, name: file });
  }
  if (seen.size === 0) throw refuse("it has no rows.");
  if (split >= 0 && parts.none.length > 0 && parts.none.length < seen.size)
    throw refuse(`${parts.none.length} rows have no split, and ${seen.size - parts.none.length} have one.`);

  const validation = parts.validation.length > 0 ? parts.validation : parts.test;
  if (validation.length > 0)
    for (const [some, others, split] of [
      [parts.train, validation, "validation"],
      [validation, parts.train, "train"],
    ] as const) {
      const known = new Set(others.map(({ label }) => label.normalize("NFC")));
      const stray = some.find(({ label }) => !known.has(label.normalize("NFC")));
      if (stray !== undefined)
        throw refuse(`row ${seen.get(stray.file)}: no row for ${split} has the class ${quoted(stray.label)}.`);
    }
  const notes = [`the classes stand in ${shown.table}`];
  if (validation === parts.test && parts.test.length > 0) notes.push("its split test is for validation");
  else if (parts.test.length > 0)
    notes.push(`its split test, ${parts.test.length} images, is passed over: there is one for validation`);
  const left = found.images.length - seen.size;
  if (left > 0) notes.push(`${left} image${left === 1 ? " is" : "s are"} passed over: not in the table`);
  const train = parts.none.length > 0 ? parts.none : parts.train;
  return {
    place: "",
    train: uniquely(train, found),
    validation: validation.length > 0 ? uniquely(validation, found) : undefined,
    notes,
  };
}

const AMBIGUOUS = "";

/** Images by their paths and by their names. */
function byNames(images: readonly string[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const image of images) names.set(baseName(image), names.has(baseName(image)) ? AMBIGUOUS : image);
  for (const image of images) names.set(image, image);
  return names;
}

/** Names within the classes: the files' own where these are unique there, else with their folders. */
function uniquely(images: readonly SourceImage[], { endings }: FoundFiles): SourceImage[] {
  const counts = new Map<string, number>();
  const key = ({ file, label }: SourceImage) => `${label}/${baseName(file).normalize("NFC").toLowerCase()}`;
  for (const image of images) counts.set(key(image), (counts.get(key(image)) ?? 0) + 1);
  return images.map((image) => {
    const name = counts.get(key(image)) === 1 ? baseName(image.file) : image.file.replaceAll("/", "-");
    return { ...image, name: withEnding(name, endings.get(image.file)) };
  });
}
