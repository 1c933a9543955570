import { existsSync } from "node:fs";
import { mkdir, readFile, symlink } from "node:fs/promises";
import { dirname, join } from "node:path";

/**
 * Lays out at `place`, as links, what DVC's cache holds under a digest: a file, or a folder where the digest ends in `.dir`
 * (https://dvc.org/doc/user-guide/project-structure/internal-files#structure-of-the-cache-directory).
 * @returns whether all of it is there; otherwise nothing is laid out.
 */
export async function layOut(md5: string, cache: string, place: string): Promise<boolean> {
  const object = (digest: string) => join(cache, "files", "md5", digest.slice(0, 2), digest.slice(2));
  if (!existsSync(object(md5))) return false;
  if (!md5.endsWith(".dir")) {
    await link(object(md5), place);
    return true;
  }
  const entries: { md5: string; relpath: string }[] = JSON.parse(await readFile(object(md5), "utf8"));
  if (!entries.every((entry) => existsSync(object(entry.md5)))) return false;
  for (const entry of entries) await link(object(entry.md5), join(place, entry.relpath));
  return true;
}

async function link(target: string, place: string): Promise<void> {
  await mkdir(dirname(place), { recursive: true });
  await symlink(target, place);
}
