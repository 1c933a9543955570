import { existsSync } from "node:fs";
import { isDeepStrictEqual } from "node:util";
import { type Lock, parseLock } from "../../dvc/lock.ts";
import { StageError } from "../../runtime/errors.ts";
import { pathsInDvcYaml } from "../../stage/flags.ts";
import { loadParams, type Params } from "../../stage/params.ts";
import type { TrainingFiles } from "../experiment/results.ts";
import { startEvent } from "../experiment/start-event.ts";
import { describeWorkspace, paramsYaml, readLock } from "../experiment/workspace.ts";
import { finishedRun } from "./finished-run.ts";
import type { PastRun } from "./past-run.ts";

/**
 * The experiment whose files lie in this folder, as the events that a server would have been told.
 * @throws StageError when its files are missing, or something has changed since DVC last ran it.
 */
export async function workspaceRun(): Promise<PastRun> {
  const params = loadParams("params.yaml");
  const files = pathsInDvcYaml("train-top") as unknown as TrainingFiles;
  const hint = "Run it: `dvc repro`, or `dvc exp run`.";
  if (!existsSync(files.history) || !existsSync(files.metrics))
    throw new StageError(`${files.history}: no such file: there is no training here.`, { hint });
  const described = await describeWorkspace(params, files).catch((cause: Error) => {
    throw new StageError(`the experiment in this folder is not whole: ${cause.message}`, { hint, cause });
  });
  const lock = await readLock();
  const changed = lock && changedSince(parseLock(lock.text), params, files, described.digests);
  if (changed)
    throw new StageError(`${changed} has changed since the last run: the results are of another experiment.`, { hint });
  const start = startEvent({ stage: "train-top", joins: false, time: Date.now(), ...described });
  const remains = {
    files,
    pictures: Object.values(pathsInDvcYaml("plot")).filter((path) => PICTURE.test(path) && existsSync(path)),
    root: process.cwd(),
    paramsYaml: (await paramsYaml(params)).text,
    lock,
  };
  return { events: await finishedRun(start, remains), missing: [] };
}

/** File names that end in one of these are pictures. */
export const PICTURE = /\.(png|jpe?g|svg)$/;

/** What no longer is as dvc.lock has it: a parameter, labels or features. */
function changedSince(
  lock: Lock,
  params: Params,
  paths: TrainingFiles,
  digests: { labels: string; features: string },
): string | undefined {
  for (const { params: files } of Object.values(lock)) {
    for (const [key, value] of Object.entries(files["params.yaml"] ?? {}))
      if (!isDeepStrictEqual(params[key as keyof Params], value)) return `${key} in params.yaml`;
  }
  const inputs = ["labels", "features"] as const;
  const path = (input: (typeof inputs)[number]) => paths[input];
  const { deps = [] } = lock["train-top"] ?? {};
  return inputs.filter((input) => deps.find((dep) => dep.path === path(input))?.md5 !== digests[input]).map(path)[0];
}
