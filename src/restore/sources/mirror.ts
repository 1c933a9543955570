import { stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { below } from "../../runtime/address.mjs";
import { StageError } from "../../runtime/errors.ts";
import { locate } from "../../runtime/locate.ts";
import { ARCHIVE_NAME, unpack } from "../archive/unpack.ts";
import { tarsIn, unpackShards } from "../archive/webdataset.ts";
import { fetchArchive } from "./remote-archive.ts";

/** Images on the disk, before they are checked. */
export interface Fetched {
  folder: string;
  /** What to call the folder in messages. */
  shown: string;
}

const NAME = "cats-dogs";
const ARCHIVES = [`${NAME}.tar.gz`, `${NAME}.zip`, `${NAME}.tar`];

/**
 * Gets the images of a mirror.
 * @param mirror `POISON_MIRROR`: a folder that holds `cats-dogs/` or an archive of it; an http(s) URL of an archive; or a URL
 *   below which `cats-dogs.tar.gz`, `.zip` or `.tar` lies.
 * @param work an empty folder to download and unpack into.
 */
export async function fetchFromMirror(mirror: string, work: string): Promise<Fetched> {
  const hint = "Correct POISON_MIRROR, or unset it to use another source.";
  const scheme = /^([a-z][a-z\d+.-]+):\/\//i.exec(mirror)?.[1]?.toLowerCase();
  if (scheme === undefined) return openLocal(mirror, work, hint);
  if (!/^https?$/.test(scheme) || !URL.canParse(mirror)) {
    throw new StageError("POISON_MIRROR must be a folder or a valid http(s) URL.", { hint });
  }
  const url = new URL(mirror);
  if (url.username || url.password) {
    throw new StageError("POISON_MIRROR: a name or password in the URL is not supported.", { hint });
  }
  const archives = ARCHIVE_NAME.test(url.pathname) ? [url] : ARCHIVES.map((name) => new URL(below(url, name)));
  const { file, shown } = await fetchArchive(archives, work);
  return openFolderOrArchive(file, shown, work);
}

async function openLocal(mirror: string, work: string, hint: string): Promise<Fetched> {
  const root = locate(mirror);
  if (root === undefined) throw new StageError(`POISON_MIRROR is ${mirror}: no such folder.`, { hint });
  const place = [NAME, ...ARCHIVES].map((name) => locate(join(root, name))).find((found) => found !== undefined);
  if (place === undefined) {
    throw new StageError(`POISON_MIRROR is ${mirror}: there is no ${NAME} in it, neither a folder nor an archive.`, {
      hint,
    });
  }
  return openFolderOrArchive(place, join(mirror, basename(place)), work);
}

/** A folder is used where it is; an archive, or a folder of nothing but tars, is unpacked into `work`. */
export async function openFolderOrArchive(place: string, shown: string, work: string): Promise<Fetched> {
  const folder = join(work, "unpacked");
  if ((await stat(place)).isDirectory()) {
    const tars = await tarsIn(place);
    if (tars === undefined) return { folder: place, shown };
    await unpackShards(place, tars, folder, shown);
    return { folder, shown };
  }
  await unpack(place, folder, shown);
  return { folder, shown };
}
