import { SPLITS } from "../../records/format/image-folder.ts";
import { StageError } from "../../runtime/errors.ts";
import { oneLine, quoted } from "../../runtime/printable.mjs";
import { classesByName } from "./file-classes.ts";
import { type Folder, fileTree, imagesIn } from "./file-tree.ts";
import type { FoundFiles } from "./find-files.ts";
import { type SplitRole, splitRole } from "./split-role.ts";

/** An image as it lies there. */
export interface SourceImage {
  /** Path from the source's root, with forward slashes. */
  file: string;
  /** Its name in its class: unique there, with an ending that says image. */
  name: string;
  label: string;
}

/** What the folders of a source mean. */
export interface Layout {
  /** The folder in which the splits, or without splits the classes, lie: path from the source's root. */
  place: string;
  train: SourceImage[];
  /** Nothing where the source has no validation split: one is to be made of `train`. */
  validation: SourceImage[] | undefined;
  /** What was understood and what is passed over, for people: one sentence each, without a full stop. */
  notes: string[];
}

const HINT =
  "Lay the images out as train/CLASS/* and validation/CLASS/*, or as CLASS/* alone; or write a table `image,label` and name it in data.table.";

/**
 * Understands the folders of a source of images, in which splits go by their usual names and lie under any number of single folders:
 *
 *     train/CLASS/*, validation/CLASS/*    training_set/training_set/CLASS/*, test_set/test_set/CLASS/*
 *     CLASS/train/*, CLASS/validation/*    CLASS/* alone    train/cat.0.jpg: the class stands in the file's name
 *
 * @param shown what to call the source in messages.
 * @throws StageError that names the folders found where they make no sense.
 */
export function understandFolders(found: FoundFiles, shown: string): Layout {
  if (found.images.length === 0) throw nothing(found, shown);
  const place = descend(fileTree(found.images));
  for (const path of found.barren)
    if (isAbove(parentOf(path), place.path) && /^(train|validation)$/.test(splitRole(baseName(path)) ?? ""))
      throw new StageError(`${shown}/${oneLine(path)}: holds no image.`, {
        hint: "Put images into the folder or remove it.",
      });
  const notes: string[] = [];
  const roles = rolesOf(place, shown);
  if (roles.train !== undefined) return bySplits(place, { ...roles, train: roles.train }, found, shown, notes);
  if (place.folders.length > 1 && place.folders.every(holdsSplits)) return byClasses(place, found, shown, notes);
  if (roles.validation || roles.test)
    throw new StageError(`${shown}: found no folder train; the folders there are ${namesOf(place.folders)}.`, {
      hint: HINT,
    });
  const train = classesOf(place, found, shown, notes, false);
  return { place: place.path, train, validation: undefined, notes };
}

/** Through folders that hold one folder and no image. */
function descend(folder: Folder): Folder {
  const [only] = folder.folders;
  return folder.images.length === 0 && folder.folders.length === 1 && only ? descend(only) : folder;
}

/** Which of the folders in `place` is which split. A class may be named `train`: it is no split where it has no other beside it and no classes in it. */
function rolesOf(place: Folder, shown: string): Partial<Record<SplitRole, Folder>> {
  const roles: Partial<Record<SplitRole, Folder>> = {};
  for (const folder of place.folders) {
    const role = splitRole(folder.name);
    if (role === undefined) continue;
    const other = roles[role];
    if (other)
      throw new StageError(
        `${shown}: ${quoted(other.path)} and ${quoted(folder.path)} are both for ${PURPOSE[role]}.`,
        {
          hint: "Keep one of them there, or put what belongs together into one folder.",
        },
      );
    roles[role] = folder;
  }
  const alone = Object.keys(roles).length === 1 && place.folders.length > 1;
  return alone && roles.train?.folders.length === 0 && !roles.train.images.some(saysClass) ? {} : roles;
}

const PURPOSE = { train: "training", validation: "validation", test: "testing" };

/** Whether a file's name, alone, could be a class and a number. */
const saysClass = (file: string): boolean => classesByName([baseName(file), baseName(file), "a1", "a2"]) !== undefined;

function bySplits(
  place: Folder,
  { train, validation, test }: Partial<Record<SplitRole, Folder>> & { train: Folder },
  found: FoundFiles,
  shown: string,
  notes: string[],
): Layout {
  const images = classesOf(train, found, shown, notes, true);
  const used = [train];
  let judged: SourceImage[] | undefined;
  if (validation) {
    judged = classesOf(validation, found, shown, notes, true);
    used.push(validation);
  } else if (test) {
    // Sets of competitions keep the classes of their test images to themselves.
    judged = attempt(() => classesOf(test, found, shown, notes, true));
    if (judged) used.push(test);
  }
  if (used.some(({ name }, i) => name !== SPLITS[i]))
    notes.unshift(`${quoted(train.path)} is for training${used[1] ? `, ${quoted(used[1].path)} for validation` : ""}`);
  for (const folder of place.folders.filter((folder) => !used.includes(folder)))
    notes.push(`${quoted(folder.path)} is passed over: ${count(imagesIn(folder).length)} of no split that is used`);
  if (place.images.length > 0) notes.push(`${some(place.images)} passed over: beside the splits, in none`);
  return { place: place.path, train: images, validation: judged, notes };
}

const holdsSplits = (folder: Folder): boolean =>
  folder.images.length === 0 &&
  folder.folders.some(({ name }) => splitRole(name) === "train") &&
  folder.folders.every(({ name }) => splitRole(name) !== undefined);

/** `CLASS/train/*`, `CLASS/validation/*`. */
function byClasses(place: Folder, found: FoundFiles, shown: string, notes: string[]): Layout {
  const train: SourceImage[] = [];
  const validation: SourceImage[] = [];
  for (const folder of place.folders) {
    const roles = rolesOf(folder, shown);
    train.push(...named(folder.name, roles.train as Folder, found));
    const judged = roles.validation ?? roles.test;
    if (judged) validation.push(...named(folder.name, judged, found));
    if (roles.validation && roles.test)
      notes.push(`${quoted(roles.test.path)} is passed over: of no split that is used`);
  }
  notes.unshift("the splits lie in the folders of the classes");
  return { place: place.path, train, validation: validation.length > 0 ? validation : undefined, notes };
}

/** What people put beside images: no classes. */
const BESIDE =
  /^(annotations?|masks?|labels?|trimaps?|segmentations?|ground[ _-]?truths?|bbox(es)?|xmls?|thumbnails?)$/i;

/** The images in a split's folder, or in all there is, by their classes. @param strict every folder is a class, and one without images a mistake */
function classesOf(top: Folder, found: FoundFiles, shown: string, notes: string[], strict: boolean): SourceImage[] {
  const place = descend(top);
  const where = `${shown}${place.path === "" ? "" : `/${oneLine(place.path)}`}`;
  if (place.folders.length === 0) return classesOfNames(top, place, where, notes, found);
  const beside = place.folders.filter(({ name }) => BESIDE.test(name));
  const classes =
    beside.length < place.folders.length ? place.folders.filter((folder) => !beside.includes(folder)) : [];
  const [only] = classes;
  if (classes.length === 1 && only && beside.length > 0) {
    notes.push(`${namesOf(beside)} passed over: beside the images`);
    return classesOf(only, found, shown, notes, strict);
  }
  const chosen = classes.length > 1 ? classes : place.folders;
  for (const folder of place.folders.filter((folder) => !chosen.includes(folder)))
    notes.push(`${quoted(folder.path)} is passed over: ${count(imagesIn(folder).length)} beside the classes`);
  if (place.images.length > 0) notes.push(`${some(place.images)} passed over: beside the folders of the classes`);
  for (const path of found.barren.filter((path) => parentOf(path) === place.path)) {
    if (strict)
      throw new StageError(`${shown}/${oneLine(path)}: the class ${quoted(baseName(path))} has no image.`, {
        hint: "Put images into the folder or remove it.",
      });
    notes.push(`${quoted(path)} is passed over: no image lies in it`);
  }
  return chosen.flatMap((folder) => named(folder.name, folder, found));
}

/** Images in one folder: the files' names say the classes, or there is one class. */
function classesOfNames(
  top: Folder,
  place: Folder,
  where: string,
  notes: string[],
  { endings }: FoundFiles,
): SourceImage[] {
  const isClass =
    place !== top &&
    splitRole(place.name) === undefined &&
    !/^(images?|imgs?|jpe?gs?|photos?|pictures?|data|all)$/i.test(place.name);
  const classes = isClass ? undefined : classesByName(place.images.map(baseName));
  if (classes) {
    const names = [...new Set(classes)];
    const few = names
      .slice(0, 5)
      .map((name) => oneLine(name))
      .join(", ");
    notes.push(
      `the classes of ${where} stand in the files' names: ${few}${names.length > 5 ? ` and ${names.length - 5} more` : ""}`,
    );
    return place.images.map((file, i) => ({
      file,
      name: withEnding(baseName(file), endings.get(file)),
      label: classes[i] as string,
    }));
  }
  const what = isClass ? `one class, ${quoted(place.name)}` : "no class";
  throw new StageError(
    `${isClass ? where.slice(0, where.lastIndexOf("/")) : where}: found ${what}; two or more are needed.`,
    {
      hint: "Put each class's images into a folder named like the class (train/cats, train/dogs), name the files like cat.0.jpg, or write a table `image,label` and name it in data.table.",
    },
  );
}

/** The images of a class: by their names where these are unique, else by the folders they lie in, too. */
function named(label: string, folder: Folder, { endings }: FoundFiles): SourceImage[] {
  const files = imagesIn(folder);
  const unique = new Set(files.map((file) => baseName(file).normalize("NFC").toLowerCase())).size === files.length;
  const nameOf = (file: string) => (unique ? baseName(file) : file.slice(folder.path.length + 1).replaceAll("/", "-"));
  return files.map((file) => ({ file, label, name: withEnding(nameOf(file), endings.get(file)) }));
}

/** Whatever comes after this stage knows images by the endings of their names. */
export const withEnding = (name: string, ending: string | undefined): string => (ending ? `${name}.${ending}` : name);

function attempt<T>(what: () => T): T | undefined {
  try {
    return what();
  } catch (error) {
    if (error instanceof StageError) return undefined;
    throw error;
  }
}

const ARCHIVE = /\.(zip|tar|tgz|tar\.gz|7z|rar|tar\.bz2|tar\.xz)$/i;

function nothing({ others, barren }: FoundFiles, shown: string): StageError {
  const archives = others.filter((file) => ARCHIVE.test(file));
  if (archives.length > 0)
    return new StageError(`${shown}: found no image, but archives in it: ${listed(archives)}.`, {
      hint: "Unpack it, and name one of these, or a folder, in data.source.",
    });
  const folders = barren.length > 0 ? `; the folders there are ${listed(barren)}` : "";
  const files = others.length > 0 ? `; the files there are ${listed(others)}` : "";
  return new StageError(`${shown}: found no image${folders}${files}.`, { hint: HINT });
}

const MANY = 10;
const listed = (names: readonly string[]): string =>
  `${names
    .slice(0, MANY)
    .map((name) => oneLine(name))
    .join(", ")}${names.length > MANY ? ` and ${names.length - MANY} more` : ""}`;
const namesOf = (folders: readonly Folder[]): string => listed(folders.map(({ name }) => name));
export const baseName = (file: string): string => file.slice(file.lastIndexOf("/") + 1);
const isAbove = (folder: string, path: string): boolean =>
  folder === "" || path === folder || path.startsWith(`${folder}/`);
const parentOf = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
const count = (images: number): string => `${images} image${images === 1 ? "" : "s"}`;
const some = (files: readonly string[]): string =>
  files.length === 1
    ? `${quoted(files[0] as string)} is`
    : `${files.length} images, ${quoted(files[0] as string)} first, are`;
