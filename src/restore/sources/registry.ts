import { mkdir, readdir } from "node:fs/promises";
import { resolve } from "node:path";
import { type DvcFolder, describeFolder, folderMd5 } from "../../dvc/folder-digest.ts";
import { listFolder, reachRepository, runDvc } from "../../dvc/run-dvc.ts";
import { withoutSecrets } from "../../runtime/address.mjs";
import { StageError } from "../../runtime/errors.ts";
import { startProgress } from "../../runtime/progress.ts";

/** A folder in a DVC repository, at one revision. */
export interface Registry {
  url: string;
  revision: string;
  path: string;
  /** What must come; when unknown, it is what the registry notes at that revision. */
  expected?: DvcFolder;
}

/** 1400 cats and 1400 dogs, `data/{train,validation}/{cats,dogs}/*`: https://github.com/iterative/dataset-registry. */
export const CATS_DOGS = {
  url: "https://github.com/iterative/dataset-registry",
  revision: "f59388c",
  path: "use-cases/cats-dogs",
  expected: { md5: "22e3f61e52c0ba45334d973244efc155.dir", files: 2800, bytes: 64_128_504 },
} as const satisfies Registry;

/**
 * The registry to use: {@link CATS_DOGS}, or a copy of it at the Git URL `POISON_REGISTRY`, with the same checksum.
 * `POISON_REGISTRY_REV` names another revision; what comes is then compared with the checksum that the registry notes there.
 */
export function chooseRegistry(env = process.env): Registry {
  const { url, revision, path, expected } = CATS_DOGS;
  const registry = { url: env.POISON_REGISTRY || url, path };
  return env.POISON_REGISTRY_REV
    ? { ...registry, revision: env.POISON_REGISTRY_REV }
    : { ...registry, revision, expected };
}

/**
 * Gets a folder of a registry by `dvc get` and checks that it came whole.
 * @param work a folder to work in.
 * @returns where the folder lies now.
 * @throws Unreachable, or StageError when DVC is missing or fails, or something else came.
 */
export async function fetchFromRegistry(registry: Registry, work: string): Promise<string> {
  const { url, revision, path } = registry;
  const folder = resolve(work, "registry");
  const scratch = resolve(work, "scratch");
  await mkdir(scratch);
  await reachRepository(url);
  const expected = registry.expected ?? (await lookUp(registry, scratch));

  const progress = startProgress("restore: dvc get", expected.files, "images");
  let count = 0;
  const activity = async () => {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    const found = entries.filter((entry) => entry.isFile()).length;
    progress.advance(found - count);
    count = found;
    return count;
  };
  try {
    await runDvc(["get", url, path, "--rev", revision, "--out", folder], scratch, activity);
    await activity();
  } finally {
    progress.end();
  }
  const found = await describeFolder(folder);
  if (found.md5 === expected.md5) return folder;
  const extent = ({ md5, files, bytes }: DvcFolder) => `${md5}, ${files} files${bytes ? `, ${bytes} bytes` : ""}`;
  throw new StageError(
    `${withoutSecrets(url)}, ${path} at ${revision}: wrong checksum: ${extent(found)} came; expected ${extent(expected)}.`,
    { hint: "Run again; if it stays, the registry or its copy (POISON_REGISTRY) holds other data." },
  );
}

/** What the registry notes of the folder: the checksum of each file, and so of all. */
async function lookUp({ url, revision, path }: Registry, scratch: string): Promise<DvcFolder> {
  const files = await listFolder({ url, revision, path }, scratch);
  return { md5: folderMd5(files), files: files.length };
}
