import { readFile } from "node:fs/promises";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { currentVersions } from "../../dvc/code-version.ts";
import { fileDigest, folderDigest } from "../../dvc/digests.ts";
import { gitState } from "../../dvc/git.ts";
import { digestOf, type Lock, parseLock } from "../../dvc/lock.ts";
import { readFeatureMetadata } from "../../records/features/features-metadata.ts";
import type { Dataset } from "../../records/images/dataset.ts";
import { pathsInDvcYaml } from "../../stage/flags.ts";
import { loadParams, type Params } from "../../stage/params.ts";
import { flatten } from "./key.ts";
import type { Experiment } from "./start-event.ts";

/** dvc.lock as it is now: its text, and its digest. */
export async function readLock(): Promise<{ text: string; digest: string } | undefined> {
  const text = await readFile("dvc.lock", "utf8").catch(() => undefined);
  return text === undefined ? undefined : { text, digest: await fileDigest("dvc.lock") };
}

/** params.yaml as text, with what `-S` has changed. */
export async function paramsYaml(params: Params): Promise<{ text: string; changed: boolean }> {
  const changed = !isDeepStrictEqual(loadParams("params.yaml"), params);
  return { text: changed ? stringify(params) : await readFile("params.yaml", "utf8"), changed };
}

/**
 * Finds out about the experiment whose files lie in this folder. Reads all features once, for their digest.
 * @throws StageError or the system's error when labels or features are missing.
 */
export async function describeWorkspace(
  params: Params,
  inputs: { labels: string; features: string },
): Promise<Omit<Experiment, "stage" | "joins" | "time">> {
  const [{ dataset }, labels, features, lock, git, { changed }, versions] = await Promise.all([
    readFeatureMetadata(inputs.features),
    fileDigest(inputs.labels),
    folderDigest(inputs.features),
    readLock(),
    gitState(),
    paramsYaml(params),
    readFile("dvc.yaml", "utf8").then(currentVersions, () => ({})),
  ]);
  const images = await imagesDigest(parseLock(lock?.text ?? ""), params, dataset);
  return {
    params: flatten(params),
    digests: { labels, features, images, lock: lock?.digest },
    dataset: { name: dataset.name, images: countsOf(dataset), labels: inputs.labels },
    git: git && { ...git, dirty: git.dirty || changed },
    dvc: { experiment: process.env.DVC_EXP_NAME, baseline: process.env.DVC_EXP_BASELINE_REV },
    versions,
  };
}

/** DVC's digest of the images if it restored the ones that the parameters name, else computed; without images, that of their content. */
async function imagesDigest(lock: Lock, params: Params, dataset: Dataset): Promise<string> {
  const { out = "data/images" } = pathsInDvcYaml("restore");
  const restored = lock.restore?.params["params.yaml"]?.data;
  const known = isDeepStrictEqual(restored, params.data) ? digestOf(lock, out) : undefined;
  return known ?? (await folderDigest(out).catch(() => dataset.digest.slice(0, 32)));
}

function countsOf({ images }: Dataset): Experiment["dataset"]["images"] {
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
  return { train: sum(images.train), validation: sum(images.validation) };
}
