import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { parse } from "yaml";
import { layOut } from "../../dvc/cache.ts";
import { lockedVersions } from "../../dvc/code-version.ts";
import { git, gitFile } from "../../dvc/git.ts";
import { isCode, type Lock, parseLock } from "../../dvc/lock.ts";
import type { Revision } from "../../dvc/revisions.ts";
import { type TrainMetrics, trainMetricsFile } from "../../records/training/train-metrics.ts";
import { StageError } from "../../runtime/errors.ts";
import { pathsInCommand } from "../../stage/flags.ts";
import { flatten } from "../experiment/key.ts";
import type { TrainingFiles } from "../experiment/results.ts";
import { type Experiment, startEvent } from "../experiment/start-event.ts";
import type { RunEvent } from "../record/events.ts";
import { finishedRun } from "./finished-run.ts";

/** A finished experiment as the events that a server would have been told, had it been asked. */
export interface PastRun {
  events: RunEvent[];
  /** Paths whose content is not in DVC's cache: the run is logged without them. */
  missing: string[];
}

/**
 * Reads a past experiment from git and DVC's cache.
 * @param cache DVC's cache folder. @param folder an empty one, where the files are laid out.
 * @returns nothing when no training stands in the revision's dvc.lock.
 * @throws StageError when a file that belongs there is not in git.
 */
export async function pastRun(revision: Revision, cache: string, folder: string): Promise<PastRun | undefined> {
  const { name, commit } = revision;
  const absent = (path: string) =>
    new StageError(`${name}: ${path} is not in git there.`, { hint: "Commit the outputs that DVC doesn't cache." });
  const read = async (path: string) => {
    const content = await gitFile(commit, path);
    if (content === undefined) throw absent(path);
    return content;
  };
  const lockText = (await gitFile(commit, "dvc.lock"))?.toString() ?? "";
  const lock = parseLock(lockText);
  const training = lock["train-top"];
  if (training === undefined) return undefined;

  const missing: string[] = [];
  const tracked = [...training.deps, ...training.outs, ...(lock.plot?.outs ?? [])];
  for (const { path, md5 } of tracked) {
    if (isCode(path) || md5 === undefined) continue;
    const place = join(folder, path);
    await mkdir(dirname(place), { recursive: true });
    if (await layOut(md5, cache, place)) continue;
    const content = await gitFile(commit, path);
    if (content) await writeFile(place, content);
    else missing.push(path);
  }

  const paths = pathsInCommand(training.cmd) as unknown as TrainingFiles & Record<string, string>;
  const files = Object.fromEntries(
    Object.entries(paths).map(([key, path]) => [key, join(folder, path)]),
  ) as unknown as TrainingFiles;
  for (const key of ["history", "metrics"] as const) if (missing.includes(paths[key])) throw absent(paths[key]);
  const metrics = await trainMetricsFile.read(files.metrics);
  const paramsYaml = (await read("params.yaml")).toString();
  const time = 1000 * Number(await git("show", "--no-patch", "--format=%ct", commit));
  const digest = createHash("md5").update(lockText).digest("hex");
  const start = startEvent(describe(revision, { lock, digest, paths, metrics, params: parse(paramsYaml), time }));
  const pictures = (lock.plot?.outs ?? []).map(({ path }) => join(folder, path)).filter(existsSync);
  const remains = { files, pictures, root: folder, paramsYaml, lock: { text: lockText, digest } };
  return { events: await finishedRun(start, remains), missing };
}

function describe(
  { commit, experiment, baseline }: Revision,
  past: {
    lock: Lock;
    digest: string;
    paths: TrainingFiles;
    metrics: TrainMetrics;
    params: Record<string, unknown>;
    time: number;
  },
): Experiment {
  const { lock, digest, paths, metrics, params, time } = past;
  const { deps = [] } = lock["train-top"] ?? {};
  const md5 = (path: string) => deps.find((dep) => dep.path === path)?.md5 ?? "";
  const { name, train_images: train, validation_images: validation } = metrics.dataset;
  const features = md5(paths.features);
  return {
    stage: "train-top",
    joins: false,
    time,
    params: flatten(params),
    digests: {
      labels: md5(paths.labels),
      features,
      images: lock.restore?.outs[0]?.md5 ?? features,
      lock: digest,
    },
    dataset: { name, images: { train, validation }, labels: paths.labels },
    git: { commit, dirty: false },
    dvc: { experiment, baseline },
    versions: lockedVersions(lock),
  };
}
