import { lstat, mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { StageError } from "../runtime/errors.ts";
import { parseJson } from "../runtime/parse-json.ts";
import type { FolderEntry } from "./folder-digest.ts";
import { isDigest, isInside } from "./paths.ts";

/** A `.dir` object of DVC's cache: the files of a folder. It is as little believed as the dvc.lock that names it. */
const entries = z.array(
  z.object({
    md5: z.string().refine((text) => isDigest(text) && !text.endsWith(".dir")),
    relpath: z.string().refine(isInside),
  }),
);

/**
 * DVC's cache, read only (https://dvc.org/doc/user-guide/project-structure/internal-files#structure-of-the-cache-directory).
 */
export interface Cache {
  /** The file that holds the content of a digest; nothing when it is not there. */
  object(md5: string): Promise<string | undefined>;
  /** The files of a folder's digest, `….dir`; nothing when it is not there. @throws StageError when it leads outside. */
  folder(md5: string): Promise<FolderEntry[] | undefined>;
}

/** Opens DVC's cache. @param root its folder, as `dvc cache dir` names it. */
export function openCache(root: string): Cache {
  const object: Cache["object"] = async (md5) => {
    if (!isDigest(md5)) throw new Error(`${md5} is no digest`); // whoever asks has read it with `parseLock`
    const place = join(root, "files", "md5", md5.slice(0, 2), md5.slice(2));
    return (await kindOf(place)) === "file" ? place : undefined;
  };
  return {
    object,
    async folder(md5) {
      const place = await object(md5);
      if (place === undefined) return undefined;
      const files = parseJson(entries, await readFile(place, "utf8"));
      if (files !== undefined) return files;
      throw new StageError(`${md5} in DVC's cache: a file in it has no MD5, or a path that leads outside the folder.`, {
        hint: "DVC writes no such thing: remove it (`dvc gc`), and do not use the revision that names it.",
      });
    },
  };
}

/** A folder of our own that files of a past revision are laid out in, each at its path and at no other place. */
export interface Layout {
  /** @returns whether all of a file or a folder is in the cache; otherwise nothing is laid out. */
  link(md5: string, path: string): Promise<boolean>;
  write(path: string, content: Uint8Array): Promise<void>;
}

/**
 * Lays files out below `root`. Nothing is written through a link, and nothing over another file.
 * @throws StageError, from each call, when a path lies below what is a file already, or is taken.
 */
export function layOut(cache: Cache, root: string): Layout {
  const taken = new Map<string, string | undefined>();
  /** Makes the folders above a file, each of which must be one, and calls `write` for what is not there yet. */
  async function place(
    path: string,
    digest: string | undefined,
    write: (file: string) => Promise<void>,
  ): Promise<void> {
    if (taken.has(path) && taken.get(path) === digest && digest !== undefined) return;
    const file = join(root, path);
    if (!isInside(path)) throw new StageError(`${JSON.stringify(path)} is no path within the project.`);
    await folder(dirname(path));
    if ((await kindOf(file)) !== undefined) throw clash(path);
    await write(file);
    taken.set(path, digest);
  }
  async function folder(path: string): Promise<void> {
    if (path === ".") return void (await mkdir(root, { recursive: true }));
    await folder(dirname(path));
    const kind = await kindOf(join(root, path));
    if (kind === undefined) await mkdir(join(root, path));
    else if (kind !== "folder") throw clash(path);
  }
  return {
    async link(md5, path) {
      if (!md5.endsWith(".dir")) {
        const object = await cache.object(md5);
        if (object !== undefined) await place(path, md5, (file) => symlink(object, file));
        return object !== undefined;
      }
      const files = await cache.folder(md5);
      const objects = await Promise.all((files ?? []).map((file) => cache.object(file.md5)));
      if (files === undefined || objects.includes(undefined)) return false;
      for (const [i, { relpath, md5 }] of files.entries())
        await place(`${path}/${relpath}`, md5, (file) => symlink(objects[i] as string, file));
      return true;
    },
    write: (path, content) => place(path, undefined, (file) => writeFile(file, content, { flag: "wx" })),
  };
}

const clash = (path: string): StageError =>
  new StageError(`${path}: dvc.lock has one output there and another below it, or two of the same path.`, {
    hint: "DVC writes no such thing: do not use this revision.",
  });

/** What lies at a place, links not followed. */
async function kindOf(place: string): Promise<"file" | "folder" | "other" | undefined> {
  const found = await lstat(place).catch(() => undefined);
  return found && (found.isFile() ? "file" : found.isDirectory() ? "folder" : "other");
}
