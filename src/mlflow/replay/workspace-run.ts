import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { type Lock, lockedParams, parseLock } from "../../dvc/lock.ts";
import { PARAMS_YAML, paramsPlace, parsePlace, sectionOf } from "../../dvc/params-place.ts";
import { flagsInCommand } from "../../dvc/paths.ts";
import { readPipeline } from "../../dvc/pipeline.ts";
import { STAGES } from "../../dvc/roles.ts";
import { StageError } from "../../runtime/errors.ts";
import { parseYaml } from "../../runtime/yaml.ts";
import { ownParams } from "../../stage/params.ts";
import { type FlatParams, flatten } from "../experiment/key.ts";
import { asTrainingFiles, type TrainingFiles } from "../experiment/results.ts";
import { startEvent } from "../experiment/start-event.ts";
import { describeWorkspace, readLock } from "../experiment/workspace.ts";
import { finishedRun } from "./finished-run.ts";
import type { PastRun } from "./past-run.ts";

/**
 * The experiment whose files lie in this folder, as the events that a server would have been told.
 * @throws StageError when its files are missing, or something has changed since DVC last ran it.
 */
export async function workspaceRun(): Promise<PastRun> {
  const pipeline = await readPipeline();
  const { stages } = pipeline;
  const files = asTrainingFiles(stages[STAGES.training]?.paths ?? {}, "dvc.yaml");
  const place = parsePlace(paramsPlace(pipeline));
  const yaml = await readFile(place.file, "utf8").catch(() => "");
  const values = (sectionOf(parseYaml(yaml, place.file).value, place) ?? {}) as Record<string, unknown>;
  const params = ownParams(values);
  const hint = "Run it: `dvc repro`, or `dvc exp run`.";
  if (!existsSync(files.history) || !existsSync(files.metrics))
    throw new StageError(`${files.history}: no such file: there is no training here.`, { hint });
  const described = await describeWorkspace(params, files).catch((cause: Error) => {
    throw new StageError(`the experiment in this folder is not whole: ${cause.message}`, { hint, cause });
  });
  const lock = await readLock();
  const { labels, dvcFeatures: features } = described.digests;
  const changed = lock && changedSince(parseLock(lock.text), flatten(values), files, { labels, features });
  if (changed)
    throw new StageError(`${changed} has changed since the last run: the results are of another experiment.`, { hint });
  const start = startEvent({ stage: STAGES.training, joins: false, time: Date.now(), ...described });
  const pictures = Object.values(stages[STAGES.pictures]?.paths ?? {});
  const remains = {
    files,
    pictures: pictures.filter((path) => PICTURE.test(path) && existsSync(path)),
    root: process.cwd(),
    paramsYaml: yaml,
    lock,
  };
  return { start, events: await finishedRun(start, remains), missing: [], notes: described.notes };
}

/** File names that end in one of these are pictures. */
export const PICTURE = /\.(png|jpe?g|svg)$/;

/** What no longer is as dvc.lock has it: a parameter, labels or features. */
function changedSince(
  lock: Lock,
  params: FlatParams,
  paths: TrainingFiles,
  digests: { labels: string; features: string },
): string | undefined {
  const ours = flagsInCommand(lock[STAGES.training]?.cmd ?? "").params;
  for (const stage of Object.values(lock)) {
    if (flagsInCommand(stage.cmd).params !== ours) continue; // somebody else's, with parameters elsewhere
    for (const [key, value] of Object.entries(flatten(lockedParams(stage))))
      if (params[key] !== value) return `${key} in ${ours ?? PARAMS_YAML}`;
  }
  const inputs = ["labels", "features"] as const;
  const path = (input: (typeof inputs)[number]) => paths[input];
  const { deps = [] } = lock[STAGES.training] ?? {};
  return inputs.filter((input) => deps.find((dep) => dep.path === path(input))?.md5 !== digests[input]).map(path)[0];
}
