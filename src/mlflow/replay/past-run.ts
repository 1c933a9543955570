import { existsSync } from "node:fs";
import { join } from "node:path";
import { type Cache, layOut } from "../../dvc/cache.ts";
import { lockedCode, versionsOf } from "../../dvc/code-version.ts";
import { git, gitFile } from "../../dvc/git.ts";
import { digestOf, isCode, type Lock, lockedPaths, parseLock } from "../../dvc/lock.ts";
import { md5 } from "../../dvc/md5.ts";
import { placeWithin, sectionOf } from "../../dvc/params-place.ts";
import { DVC_YAML, parsePipeline } from "../../dvc/pipeline.ts";
import type { Revision } from "../../dvc/refs.ts";
import { STAGES } from "../../dvc/roles.ts";
import { trainMetricsFile } from "../../records/training/train-metrics.ts";
import { StageError } from "../../runtime/errors.ts";
import { parseYaml } from "../../runtime/yaml.ts";
import { ownParams } from "../../stage/params.ts";
import { featuresDigest } from "../experiment/features-digest.ts";
import { madeWith } from "../experiment/made-with.ts";
import { asTrainingFiles } from "../experiment/results.ts";
import { startEvent } from "../experiment/start-event.ts";
import { experimentParams } from "../experiment/workspace.ts";
import type { RunEvent, StartEvent } from "../record/events.ts";
import { finishedRun } from "./finished-run.ts";

/** A finished experiment as the events that a server would have been told, had it been asked. */
export interface PastRun {
  start: StartEvent;
  /** The start among them. */
  events: RunEvent[];
  /** Paths whose content is not in DVC's cache: the run is logged without them. */
  missing: string[];
  /** What is logged otherwise than its params.yaml has it, and why. */
  notes: string[];
}

/**
 * Reads a past experiment from git and DVC's cache. The revision may be a stranger's: nothing that it says is believed.
 * @param folder an empty one, where the files are laid out.
 * @returns nothing when no training stands in the revision's dvc.lock.
 * @throws StageError when a file that belongs there is not in git, or is not what it should be.
 */
export async function pastRun(revision: Revision, cache: Cache, folder: string): Promise<PastRun | undefined> {
  try {
    return await read(revision, cache, folder);
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    const message = error.message.replaceAll(`${folder}/`, `${revision.name}: `); // the files are not there for long
    throw new StageError(message, { ...(error.hint && { hint: error.hint }), cause: error });
  }
}

async function read(revision: Revision, cache: Cache, folder: string): Promise<PastRun | undefined> {
  const { name, commit, experiment, baseline } = revision;
  const text = async (path: string) => (await gitFile(commit, path))?.toString();
  const lockText = (await text("dvc.lock")) ?? "";
  const lock = parseLock(lockText, `${name}: dvc.lock`);
  const training = lock[STAGES.training];
  if (training === undefined) return undefined;
  const pipeline = parsePipeline((await text(DVC_YAML)) ?? "", `${name}: ${DVC_YAML}`);
  const place = placeWithin(pipeline, `${name}: ${DVC_YAML}`);
  const yaml = await text(place.file);
  const absent = (path: string) =>
    new StageError(`${name}: ${path} is not in git there.`, { hint: "Commit the outputs that DVC doesn't cache." });
  if (yaml === undefined) throw absent(place.file);
  const params = sectionOf(parseYaml(yaml, `${name}: ${place.file}`).value, place);
  if (typeof params !== "object" || params === null)
    throw new StageError(`${name}: ${place.file} holds no parameters.`, { hint: "Name another revision." });

  const paths = asTrainingFiles(lockedPaths(lock, STAGES.training, `${name}: dvc.lock`), `${name}: dvc.lock`);
  const missing = await layOutFiles(revision, lock, cache, folder);
  for (const key of ["history", "metrics"] as const) if (missing.includes(paths[key])) throw absent(paths[key]);
  const files = Object.fromEntries(
    Object.entries(paths).map(([key, path]) => [key, join(folder, path)]),
  ) as typeof paths;
  const time = 1000 * Number(await git("show", "--no-patch", "--format=%ct", commit));
  const { dataset, poisoned_images: poisoned } = await trainMetricsFile.read(files.metrics);
  const digest = md5(lockText);
  const locked = (path: string) => training.deps.find((dep) => dep.path === path)?.md5 ?? "";
  const features = locked(paths.features);
  const images = lockedPaths(lock, STAGES.images, `${name}: dvc.lock`).out;
  const believed = madeWith(experimentParams(ownParams(params), pipeline), {
    lock,
    pipeline,
    inputs: training.deps,
    level: { poisoned, images: dataset.train_images, asked: undefined },
  });
  const start = startEvent({
    stage: STAGES.training,
    joins: false,
    time,
    params: believed.params,
    digests: {
      labels: locked(paths.labels),
      features: await decisiveDigest(features, cache),
      images: digestOf(lock, images) ?? features,
      lock: digest,
    },
    dataset: {
      name: dataset.name,
      images: { train: dataset.train_images, validation: dataset.validation_images },
      labels: paths.labels,
      folder: images,
    },
    git: { commit, dirty: false },
    dvc: { experiment, baseline },
    versions: versionsOf(lockedCode(lock)),
  });
  const pictures = (lock[STAGES.pictures]?.outs ?? []).map(({ path }) => join(folder, path)).filter(existsSync);
  const remains = { files, pictures, root: folder, paramsYaml: yaml, lock: { text: lockText, digest } };
  return { start, events: await finishedRun(start, remains), missing, notes: believed.notes };
}

/** Lays out what the training read and wrote, and the pictures, from DVC's cache, else from git. @returns the paths that are nowhere. */
async function layOutFiles({ commit }: Revision, lock: Lock, cache: Cache, folder: string): Promise<string[]> {
  const { deps = [], outs = [] } = lock[STAGES.training] ?? {};
  const missing: string[] = [];
  const layout = layOut(cache, folder);
  for (const { path, md5 } of [...deps, ...outs, ...(lock[STAGES.pictures]?.outs ?? [])]) {
    if (isCode(path) || md5 === undefined) continue;
    if (await layout.link(md5, path)) continue;
    const content = await gitFile(commit, path);
    if (content) await layout.write(path, content);
    else missing.push(path);
  }
  return missing;
}

/** The digest by which an experiment knows its features; DVC's where the folder is not in the cache. */
async function decisiveDigest(digest: string, cache: Cache): Promise<string> {
  const entries = digest.endsWith(".dir") ? await cache.folder(digest) : undefined;
  return entries ? featuresDigest(entries, ({ md5 }) => cache.object(md5)) : digest;
}
