import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { csvFormat } from "d3-dsv";
import { z } from "zod";
import { currentMetrics } from "../../dvc/roles.ts";
import { type EpochMetrics, historyFile } from "../../records/training/history.ts";
import { trainMetricsFile } from "../../records/training/train-metrics.ts";
import { StageError } from "../../runtime/errors.ts";
import { parseJson } from "../../runtime/parse-json.ts";
import type { Artifact } from "../client/artifacts.ts";
import type { DatasetInput } from "../client/run-data.ts";
import { type MetricsEvent, metricValue, type RunEvent } from "../record/events.ts";
import { measuredOn, measuresAndFacts } from "./metric-kinds.ts";
import { numbersIn } from "./metric-names.ts";
import { modelEvent } from "./model-event.ts";
import { previews } from "./preview.ts";
import { runNote } from "./run-note.ts";

/** Files and folders of a training by the training stage's flags; there may be more of them, all written by it. */
export interface TrainingFiles {
  [flag: string]: string;
  labels: string;
  history: string;
  metrics: string;
  /** Folders. */
  model: string;
  features: string;
}

/** The paths of a training stage's command. @param where it stands. @throws StageError when one is missing that each training has. */
export function asTrainingFiles(paths: Record<string, string>, where: string): TrainingFiles {
  const { labels, history, metrics, model, features } = paths;
  if (labels && history && metrics && model && features) return { ...paths, labels, history, metrics, model, features };
  const flags = ["labels", "history", "metrics", "model", "features"].filter((flag) => !paths[flag]);
  throw new StageError(`${where}: the command of the training stage has no --${flags.join(", --")}.`, {
    hint: "It is a stage of another kind, or was edited: see dvc.yaml of this project.",
  });
}

/** An epoch's figures as a metrics event; null is a loss that is no number. */
export function epochEvent({ epoch, ...figures }: EpochMetrics, time: number): MetricsEvent {
  const values = Object.entries(figures)
    .filter(([, value]) => value === null || typeof value === "number") // there may be columns of another version
    .map(([key, value]) => [key, metricValue(value ?? Number.NaN)]);
  return { type: "metrics", time, step: epoch, values: Object.fromEntries(values) };
}

/**
 * The events for what a training wrote: final metrics, every file, the model.
 * @param options.root the artifacts' paths begin here. @param options.paramsYaml text. @param options.datasets those of the run.
 * @param options.register name of a registered model.
 */
export async function trainingEvents(
  files: TrainingFiles,
  options: {
    root: string;
    time: number;
    params: Record<string, string>;
    paramsYaml: string;
    datasets: readonly DatasetInput[];
    register?: string | undefined;
  },
): Promise<RunEvent[]> {
  const { root, time, params, paramsYaml, datasets, register } = options;
  const { model: _model, features: _features, ...others } = files;
  const history = await historyFile.read(files.history);
  const step = history.at(-1)?.epoch ?? 0;
  const artifacts: Artifact[] = [];
  const found: Record<string, number> = {};
  for (const [key, file] of await filesOf(others)) {
    const path = artifactPath(root, file);
    artifacts.push({ path, file: resolve(file) });
    if (key === "history") artifacts.push({ path: path.replace(/\.json$/, ".csv"), text: `${csvFormat(history)}\n` });
    if (dirname(path) !== dirname(artifactPath(root, files.metrics))) continue;
    // The main file's metrics by their plain names, those of the files beside it by their flag's.
    Object.assign(found, numbersIn(await readMetrics(file), key === "metrics" ? "" : `${key}.`));
  }
  const { measures, facts } = measuresAndFacts(found);
  const model = await modelEvent(files, {
    ...{ step, params, register },
    metrics: Object.keys(measures),
    datasets: measuredOn(Object.keys(measures), datasets),
  });
  const metrics = await trainMetricsFile.read(files.metrics);
  const { backend, features: made } = metrics;
  return [
    {
      type: "tags",
      tags: {
        backend,
        device: backend.endsWith(" gpu") ? "gpu" : "cpu", // `tensorflow 2.21.0 gpu`
        ...(made && { "features.backend": made.backend }),
        ...facts,
      },
    },
    { type: "metrics", time, step, values: measures },
    { type: "artifacts", files: [...artifacts, { path: "params.yaml", text: paramsYaml }] },
    { type: "note", text: runNote(metrics, params) },
    ...(model ? [model] : []),
  ];
}

/** The content of a file of metrics, by the keys of today. @throws StageError when it is no JSON mapping. */
async function readMetrics(file: string): Promise<Record<string, unknown>> {
  const content = parseJson(z.record(z.string(), z.unknown()), await readFile(file, "utf8"));
  if (content !== undefined) return currentMetrics(content);
  throw new StageError(`${file}: holds no metrics.`, { hint: "Write it anew: `dvc repro`." });
}

/** The events for pictures; the first PNG among them, made small, is what the run's page shows. */
export async function pictureEvents(root: string, pictures: readonly string[]): Promise<RunEvent[]> {
  const files: Artifact[] = pictures.map((file) => ({ path: artifactPath(root, file), file: resolve(file) }));
  const shown = pictures.find((file) => file.endsWith(".png"));
  const [base64] = shown === undefined ? [] : await previews([shown]);
  if (shown === undefined || base64 === undefined) return [{ type: "artifacts", files }];
  const path = `preview/${basename(shown)}`;
  return [
    { type: "artifacts", files: [...files, { path, base64 }] },
    { type: "note", pictures: [{ path, alt: "Loss and accuracy over the epochs" }] },
  ];
}

/** The events for dvc.lock, which each stage changes. */
export function lockEvents(lock: { text: string; digest: string } | undefined): RunEvent[] {
  if (lock === undefined) return [];
  return [
    { type: "tags", tags: { dvc_lock: lock.digest } },
    { type: "artifacts", files: [{ path: "dvc.lock", text: lock.text }] },
  ];
}

/** The files behind some paths, those in folders too, by key; what is not there is passed over. */
async function filesOf(paths: Record<string, string>): Promise<[key: string, file: string][]> {
  const found: [string, string][] = [];
  for (const [key, path] of Object.entries(paths)) {
    const kind = await stat(path).catch(() => undefined);
    if (kind?.isFile()) found.push([key, path]);
    if (!kind?.isDirectory()) continue;
    for (const name of await readdir(path)) {
      const file = join(path, name);
      if ((await stat(file).catch(() => undefined))?.isFile()) found.push([key, file]);
    }
  }
  return found;
}

/** A file has the same path in the run as in the repository; the runner may not yet have given it its final name. */
function artifactPath(root: string, file: string): string {
  const path = relative(root, resolve(file)).replace(/[^/\\]+\.partial[/\\]/, "");
  const outside = isAbsolute(path) || path.startsWith("..");
  return outside ? `files/${basename(path)}` : path.split(sep).join("/");
}
