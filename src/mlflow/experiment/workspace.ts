import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { stringify } from "yaml";
import { currentCode, versionsOf } from "../../dvc/code-version.ts";
import { describeFolder } from "../../dvc/folder-digest.ts";
import { gitState } from "../../dvc/git.ts";
import { digestOf, type Lock, lockedParams, parseLock } from "../../dvc/lock.ts";
import { fileMd5, md5 } from "../../dvc/md5.ts";
import { paramsPlace, parsePlace, sectionOf } from "../../dvc/params-place.ts";
import { declaredParams, type Pipeline, readPipeline } from "../../dvc/pipeline.ts";
import { STAGES } from "../../dvc/roles.ts";
import { readFeatureMetadata } from "../../records/features/read-rows.ts";
import { ROUNDING } from "../../records/format/check.ts";
import type { Dataset } from "../../records/images/dataset.ts";
import { labelMetricsFile } from "../../records/labels/label-metrics.ts";
import { poisonLevel, readLabels, swappedRows } from "../../records/labels/labels.ts";
import { parseYaml } from "../../runtime/yaml.ts";
import { ownParams } from "../../stage/params.ts";
import { featuresDigest } from "./features-digest.ts";
import { declaredOf, type FlatParams, flatten } from "./key.ts";
import { type LabelLevel, madeWith } from "./made-with.ts";
import type { Experiment } from "./start-event.ts";

/** dvc.lock as it is now: its text, and its digest. */
export async function readLock(): Promise<{ text: string; digest: string } | undefined> {
  const text = await readFile("dvc.lock", "utf8").catch(() => undefined);
  return text === undefined ? undefined : { text, digest: md5(text) };
}

/** The file of parameters as text, or what `-S` has made of ours. */
export async function paramsYaml(params: object): Promise<{ text: string; changed: boolean }> {
  const place = parsePlace(paramsPlace(await readPipeline()));
  const text = await readFile(place.file, "utf8");
  const changed = !isDeepStrictEqual(ownParams(sectionOf(parseYaml(text, place.file).value, place)), params);
  return { text: changed ? stringify(params) : text, changed };
}

/** The parameters that the stages of dvc.yaml declare; all where it declares none. */
export function experimentParams(params: object, pipeline: Pipeline): FlatParams {
  const declared = declaredParams(pipeline);
  const flat = flatten(params as Record<string, unknown>);
  return declared.length === 0 ? flat : declaredOf(flat, declared);
}

/**
 * Finds out about the experiment whose files lie in this folder. Reads all features once, for their digest.
 * @throws StageError or the system's error when labels or features are missing.
 */
export async function describeWorkspace(
  params: object,
  inputs: { labels: string; features: string },
): Promise<Omit<Experiment, "stage" | "joins" | "time"> & { digests: { dvcFeatures: string }; notes: string[] }> {
  const pipeline = await readPipeline();
  const [{ dataset }, labels, features, lock, git, { changed }, code] = await Promise.all([
    readFeatureMetadata(inputs.features),
    fileMd5(inputs.labels),
    describeFolder(inputs.features),
    readLock(),
    gitState(),
    paramsYaml(params),
    currentCode(pipeline),
  ]);
  const { params: flat, notes } = madeWith(experimentParams(params, pipeline), {
    lock: readable(lock?.text),
    pipeline,
    inputs: [
      { path: inputs.labels, md5: labels },
      { path: inputs.features, md5: features.md5 },
    ],
    level: await labelLevel(inputs.labels, pipeline.stages[STAGES.labels]?.paths.metrics),
  });
  const images = pipeline.stages[STAGES.images]?.paths.out;
  const digests = {
    labels,
    features: await featuresDigest(features.entries, async ({ relpath }) => join(inputs.features, relpath)),
    dvcFeatures: features.md5,
    images: await imagesDigest(readable(lock?.text), flatten(params as Record<string, unknown>), images, dataset),
    lock: lock?.digest,
  };
  return {
    params: flat,
    notes,
    digests,
    dataset: { name: dataset.name, images: countsOf(dataset), labels: inputs.labels, folder: images },
    git: git && { ...git, dirty: git.dirty || changed },
    dvc: { experiment: process.env.DVC_EXP_NAME, baseline: process.env.DVC_EXP_BASELINE_REV },
    versions: versionsOf(code),
  };
}

/** The level of poison in a label table. @param metrics what the poison stage has written about its own. */
async function labelLevel(file: string, metrics: string | undefined): Promise<LabelLevel | undefined> {
  const rows = await readLabels(file).catch(() => undefined); // the stage itself says what is wrong with it
  if (rows === undefined) return undefined;
  const said = metrics === undefined ? undefined : await labelMetricsFile.read(metrics).catch(() => undefined);
  const poisoned = swappedRows(rows).length;
  const here = Math.abs((said?.poison_reached ?? Number.NaN) - poisonLevel(rows)) <= ROUNDING;
  return {
    poisoned,
    images: rows.filter(({ split }) => split === "train").length,
    asked: here ? said?.poison_asked : undefined,
  };
}

/** A dvc.lock that cannot be read tells nothing of the images; DVC itself will say so. */
function readable(text: string | undefined): Lock {
  try {
    return parseLock(text ?? "");
  } catch {
    return {};
  }
}

/** DVC's digest of the images if it restored the ones that the parameters name, else computed; without images, that of their content. */
async function imagesDigest(
  lock: Lock,
  params: FlatParams,
  folder: string | undefined,
  dataset: Dataset,
): Promise<string> {
  const restored = flatten(lockedParams(lock[STAGES.images]));
  const same = Object.entries(restored).every(([key, value]) => params[key] === value);
  const known = same && Object.keys(restored).length > 0 ? digestOf(lock, folder) : undefined;
  const computed = async () => (folder === undefined ? undefined : describeFolder(folder).catch(() => undefined));
  return known ?? (await computed())?.md5 ?? dataset.digest.slice(0, 32);
}

function countsOf({ images }: Dataset): Experiment["dataset"]["images"] {
  const sum = (counts: Record<string, number>) => Object.values(counts).reduce((a, b) => a + b, 0);
  return { train: sum(images.train), validation: sum(images.validation) };
}
