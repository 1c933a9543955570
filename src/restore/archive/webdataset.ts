import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join, sep } from "node:path";
import { IMAGE_NAME, naturally } from "../../records/format/image-folder.ts";
import { SHARD_TABLE } from "../../records/format/image-shards.ts";
import { StageError } from "../../runtime/errors.ts";
import { quoted } from "../../runtime/printable.mjs";
import { startProgress } from "../../runtime/progress.ts";
import { isJunk } from "../layout/junk.ts";
import { splitRole } from "../layout/split-role.ts";
import { nameFault } from "../take-first.ts";
import { CLASS_NAME, unpack } from "./unpack.ts";

/** What may stand beside the tars of a data set. */
const BESIDE = /^(dataset\.json|images\.csv|readme(\.\w+)?|licen[cs]e(\.\w+)?)$/i;

/** The tars of a folder that holds nothing else, in natural order; nothing for another folder. */
export async function tarsIn(folder: string): Promise<string[] | undefined> {
  const names = (await readdir(folder)).filter((name) => !isJunk(name));
  const tars = names.filter((name) => name.endsWith(".tar"));
  if (tars.length === 0 || names.some((name) => !name.endsWith(".tar") && !BESIDE.test(name))) return undefined;
  for (const name of tars) if (!(await stat(join(folder, name))).isFile()) return undefined;
  return tars.sort(naturally);
}

/**
 * Unpacks the tars of a WebDataset into one tree. Where an image has its class in a file of its own, `KEY.cls`, it comes into a folder of that name, below
 * the split that the tar's name says (`imagenet-train-000123.tar`); else folders are as they are in the tars.
 * @param shown what to call the folder of tars in messages.
 * @throws StageError naming tar and entry for what {@link unpack} refuses, an image in two tars, and a class that cannot name a folder.
 */
export async function unpackShards(folder: string, tars: readonly string[], to: string, shown: string): Promise<void> {
  const one = `${to}.one`;
  const own = existsSync(join(folder, SHARD_TABLE));
  const progress = startProgress("restore: unpacking", tars.length, "tars");
  for (const tar of tars) {
    await mkdir(one, { recursive: true });
    await unpack(join(folder, tar), one, `${shown}/${tar}`);
    const files = (await readdir(one, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    const classes = await readClasses(files, `${shown}/${tar}`);
    for (const file of files) {
      if (CLASS_NAME.test(file)) continue;
      const label = classes.get(keyOf(file));
      const inside = file.slice(one.length + 1).replaceAll(sep, "/");
      const place =
        label === undefined || isSplitClass(inside)
          ? own
            ? withDots(inside)
            : inside
          : [splitOf(tar), label, basename(file)].filter(Boolean).join("/");
      const target = join(to, place);
      if (existsSync(target)) {
        if (/dataset\.json$/.test(place)) continue;
        throw new StageError(`${shown}/${tar}: the entry ${quoted(inside)} stands in another tar, too.`, {
          hint: "Give each image a name of its own over all tars.",
        });
      }
      await mkdir(dirname(target), { recursive: true });
      await rename(file, target);
    }
    await rm(one, { recursive: true });
    progress.advance();
  }
  progress.end();
}

/** Whether an image lies as our own tars have it, `train/cats/…`: the folder names the class, the file beside it its number. */
const isSplitClass = (inside: string): boolean => /^(train|validation)\/[^/]+\/[^/]+$/.test(inside);

/** The name that an image had before packImages made it a key. */
function withDots(path: string): string {
  const name = basename(path).replaceAll("%2E", ".").replaceAll("%25", "%");
  return IMAGE_NAME.test(name) && !name.startsWith(".") ? join(dirname(path), name) : path;
}

/** A sample's key: the path up to the first dot of the name. */
function keyOf(file: string): string {
  const name = basename(file);
  return join(dirname(file), name.split(".", 1)[0] as string);
}

/** The classes that files of their own say, by key. */
async function readClasses(files: readonly string[], shown: string): Promise<Map<string, string>> {
  const classes = new Map<string, string>();
  for (const file of files.filter((name) => CLASS_NAME.test(name))) {
    const label = (await readFile(file, "utf8")).trim();
    const fault =
      label === "" || /^\.\.?$|[/\r\n]/.test(label) || label.length > 100 ? "cannot name a class" : nameFault(label);
    if (fault)
      throw new StageError(`${shown}: ${basename(file)}: ${quoted(label.slice(0, 100))} ${fault}.`, {
        hint: "Pack the class's name or number.",
      });
    classes.set(keyOf(file), label);
  }
  return classes;
}

/** The split that a tar's name says: `train` of `imagenet-train-000123.tar`. */
function splitOf(tar: string): string | undefined {
  const words = tar.replace(/\.tar$/, "").split(/[^A-Za-z]+/);
  const roles = new Set(words.flatMap((word) => splitRole(word) ?? []));
  return roles.size === 1 ? [...roles][0] : undefined;
}
