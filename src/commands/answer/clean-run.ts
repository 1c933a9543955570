import { readFile } from "node:fs/promises";
import { gitFile, headCommit } from "../../dvc/git.ts";
import { digestOf, type Lock, lockedPaths, parseLock } from "../../dvc/lock.ts";
import { paramsPlace } from "../../dvc/params-place.ts";
import { listExperiments, type Revision } from "../../dvc/refs.ts";
import { STAGES } from "../../dvc/roles.ts";
import { type TrainMetrics, trainMetricsFile } from "../../records/training/train-metrics.ts";
import { StageError } from "../../runtime/errors.ts";
import { loadParams } from "../../stage/params.ts";
import { isUpToDate, readPresent } from "../sweep/experiments.ts";

/** So many experiments are looked at: each costs two calls of git. */
const MOST = 200;

/**
 * Finds the run on clean labels that a poisoned one in the working folder is to be compared with: same parameters but for the poison, same code, same
 * images, same back ends. The commit that is checked out is asked first, then experiments that start from it.
 */
export async function findCleanRun(metrics: TrainMetrics): Promise<{ name: string; val_accuracy: number } | undefined> {
  const present = await readPresent();
  const params = loadParams(paramsPlace(present.pipeline), ["poison=0"]);
  const images = digestOf(
    parseLock(await readFile("dvc.lock", "utf8")),
    present.pipeline.stages[STAGES.images]?.paths.out,
  );
  for (const { name, commit } of await candidates()) {
    if (!(await isUpToDate(commit, params, present))) continue;
    const found = await resultsAt(commit);
    if (found === undefined || digestOf(found.lock, imagesOf(found.lock)) !== images) continue;
    const { backend, features, val_accuracy, poisoned_images } = found.metrics;
    const same = backend === metrics.backend && features?.backend === metrics.features?.backend;
    if (same && poisoned_images === 0) return { name, val_accuracy };
  }
  return undefined;
}

async function candidates(): Promise<Pick<Revision, "name" | "commit">[]> {
  const head = await headCommit();
  if (head === undefined) return [];
  const experiments = (await listExperiments()).filter(({ baseline }) => baseline === head);
  return [{ name: "HEAD", commit: head }, ...experiments.slice(0, MOST)];
}

const imagesOf = (lock: Lock): string | undefined => lockedPaths(lock, STAGES.images).out;

/** What a commit holds of a training; nothing where it holds none that can be read. */
async function resultsAt(commit: string): Promise<{ lock: Lock; metrics: TrainMetrics } | undefined> {
  try {
    const lock = parseLock(((await gitFile(commit, "dvc.lock")) ?? "").toString());
    const { metrics: file } = lockedPaths(lock, STAGES.training);
    const text = file && (await gitFile(commit, file))?.toString();
    return text ? { lock, metrics: trainMetricsFile.parse(text, file) } : undefined;
  } catch (error) {
    if (error instanceof StageError) return undefined;
    throw error;
  }
}
