import { open, readdir, realpath, stat } from "node:fs/promises";
import { join } from "node:path";
import { IMAGE_NAME } from "../../records/format/image-folder.ts";
import { concurrently } from "../../runtime/concurrently.ts";
import { StageError, throwSystemError } from "../../runtime/errors.ts";
import { oneLine } from "../../runtime/printable.mjs";
import { endingFor, START } from "./image-content.ts";
import { isJunk } from "./junk.ts";

/** What lies under a folder; paths from it, with forward slashes. */
export interface FoundFiles {
  /** What is an image by its name or its first bytes, whether it can be read or not. */
  images: string[];
  /** The usual endings of those images whose names have none, or an unusual one. */
  endings: Map<string, string>;
  /** What is no image. */
  others: string[];
  /** Folders in which no image lies, not even further down. */
  barren: string[];
}

/** Folders in each other: more is a link that leads in a circle, or a mistake. */
const DEEPEST = 24;

/** Files whose beginning is read at once. */
const IN_FLIGHT = 16;

/**
 * Lists all files under a folder; hidden ones and what systems leave behind are passed over. A link counts as what it leads to.
 * @param shown what to call `root` in messages.
 * @throws StageError where a link leads in a circle.
 */
export async function findFiles(root: string, shown: string): Promise<FoundFiles> {
  const found: FoundFiles = { images: [], endings: new Map(), others: [], barren: [] };
  const unknown: string[] = [];

  const walk = async (path: string, above: readonly string[]): Promise<void> => {
    const folder = join(root, path);
    const real = await realpath(folder);
    if (above.includes(real) || above.length > DEEPEST)
      throw new StageError(`${shown}/${oneLine(path)}: a link leads in a circle.`, { hint: "Remove the link." });
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (isJunk(entry.name)) continue;
      const inside = path === "" ? entry.name : `${path}/${entry.name}`;
      // A dangling link leads to no folder: whoever reads it as a file will say what is wrong.
      const target = entry.isSymbolicLink() ? await stat(join(root, inside)).catch(() => entry) : entry;
      if (target.isDirectory()) {
        found.barren.push(inside);
        await walk(inside, [...above, real]);
      } else if (IMAGE_NAME.test(entry.name)) found.images.push(inside);
      else if (target.isFile()) unknown.push(inside);
      else found.others.push(inside);
    }
  };
  await walk("", []);

  await concurrently(unknown, IN_FLIGHT, async (file) => {
    const ending = endingFor(await readStart(join(root, file)));
    (ending === undefined ? found.others : found.images).push(file);
    if (ending !== undefined) found.endings.set(file, ending);
  });

  const fertile = new Set<string>();
  for (const image of found.images)
    for (let cut = image.lastIndexOf("/"); cut > 0; cut = image.lastIndexOf("/", cut - 1))
      fertile.add(image.slice(0, cut));
  found.barren = found.barren.filter((folder) => !fertile.has(folder));
  return found;
}

async function readStart(file: string): Promise<Buffer> {
  const handle = await open(file).catch((error: unknown) => throwSystemError(error));
  try {
    const answer = await handle?.read(Buffer.alloc(START), 0, START, 0);
    return answer?.buffer.subarray(0, answer.bytesRead) ?? Buffer.alloc(0);
  } finally {
    await handle?.close();
  }
}
