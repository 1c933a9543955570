import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { codeDigest } from "../../dvc/code-version.ts";
import { isCode, type Lock, type LockedStage, parseLock } from "../../dvc/lock.ts";
import { fileMd5 } from "../../dvc/md5.ts";
import { PARAMS_YAML, placeWithin, sectionOf } from "../../dvc/params-place.ts";
import { flagsInCommand } from "../../dvc/paths.ts";
import { DVC_YAML, type Pipeline, parsePipeline } from "../../dvc/pipeline.ts";
import { currentMetrics, STAGES } from "../../dvc/roles.ts";
import { figureFiles } from "../../records/training/figures.ts";
import { readPredictions, readTraining } from "../../records/training/training.ts";
import { StageError } from "../../runtime/errors.ts";
import { commandLine } from "../../runtime/installation.mjs";
import { parseYaml } from "../../runtime/yaml.ts";
import { fileOf, type Revision } from "./revision.ts";
import type { ResultPaths, RevisionResults } from "./revision-results.ts";
import { staleStages } from "./stale.ts";

type Results = Omit<RevisionResults, "labels">;
type Values = Record<string, unknown>;

/** Reads what a revision holds, but for the labels, which lie in DVC's cache. @throws StageError when it holds no results. */
export async function readResults(revision: Revision): Promise<Results> {
  const { name, folder } = revision;
  try {
    return await read(revision);
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    throw new StageError(error.message.replaceAll(`${folder}/`, folder === "." ? "" : `${name}: `), {
      ...(error.hint && { hint: error.hint }),
      cause: error,
    });
  }
}

/** The results of a revision with its metrics files under the names that another revision gives to the same ones. */
export function underNamesOf(results: Results, other: Results): Results {
  const flags = Object.entries(results.paths.training);
  const nameNow = (path: string) => {
    const flag = flags.find(([, named]) => named === path)?.[0];
    return flag !== undefined && Object.hasOwn(other.paths.training, flag)
      ? (other.paths.training[flag] as string)
      : path;
  };
  const metrics = Object.fromEntries(Object.entries(results.metrics).map(([path, value]) => [nameNow(path), value]));
  return { ...results, metrics };
}

async function read(revision: Revision): Promise<Results> {
  const { name, folder } = revision;
  const text = async (path: string) => {
    const file = await fileOf(revision, path);
    return file && readFile(file, "utf8");
  };
  const where = (file: string) => (folder === "." ? file : `${name}: ${file}`);
  const [lockText, dvcYaml = ""] = await Promise.all(["dvc.lock", DVC_YAML].map(text));
  const pipeline = parsePipeline(dvcYaml, where(DVC_YAML));
  const place = placeWithin(pipeline, where(DVC_YAML));
  const paths = pathsOf(pipeline);
  const { history, metrics: main, predictions } = paths.training;
  const files = { history: await fileOf(revision, history), metrics: await fileOf(revision, main) };
  if (lockText === undefined || files.metrics === undefined || files.history === undefined) {
    const missing = lockText === undefined ? "dvc.lock" : files.metrics === undefined ? main : history;
    throw new StageError(
      `${name}: holds no ${missing ?? "training in its dvc.yaml"}: there are no results to compare.`,
      {
        hint: `Run the pipeline there and commit what it wrote (\`${commandLine("start")}\`, \`git add dvc.lock metrics plots\`), or name another revision.`,
      },
    );
  }
  const lock = parseLock(lockText, where("dvc.lock"));
  const values = async (file: string) => (parseYaml((await text(file)) ?? "", where(file)).value ?? {}) as Values;
  const params = (sectionOf(await values(place.file), place) ?? {}) as Values;
  const theirs = await values(PARAMS_YAML);
  const record = await readTraining(files as { history: string; metrics: string });
  const predicted = await fileOf(revision, predictions);
  const metrics: RevisionResults["metrics"] = {};
  for (const path of pipeline.metrics) {
    const content = await text(path);
    if (content !== undefined) metrics[path] = metricsIn(content, where(path));
  }
  const stages = Object.keys(pipeline.stages);
  const packages = await readPackages(pipeline, text);
  const isOurs = ({ cmd }: LockedStage) => flagsInCommand(cmd).params === paths.training.params;
  const stale = staleStages(lock, {
    stages,
    params: (stage) => ({ ...(isOurs(stage) ? params : theirs), ...packages }),
    digests: await digests(folder, lock),
  });
  return {
    ...{ name, ...record, paths, metrics, params, lock, stale },
    featuresBackend: await featuresBackend(revision, paths.training.figures),
    predictions: predicted === undefined ? undefined : await readPredictions(predicted, record.metadata),
  };
}

/** What computed the features, by the table of the run that stands among the figures. */
async function featuresBackend(revision: Revision, figures: string | undefined): Promise<string | undefined> {
  const file = figures && (await fileOf(revision, join(figures, "run.json")));
  return file && (await figureFiles.run.read(file)).find(({ name }) => name === "features.backend")?.value;
}

function pathsOf({ stages }: Pipeline): ResultPaths {
  const training = stages[STAGES.training]?.paths ?? {};
  return {
    training,
    pictures: stages[STAGES.pictures]?.paths ?? {},
    images: stages[STAGES.images]?.paths.out,
    labels: stages[STAGES.labels]?.paths.out ?? training.labels,
  };
}

/** A metrics file as DVC reads it, by the names of today. */
function metricsIn(content: string, file: string): unknown {
  const value = file.endsWith(".json") ? json(content, file) : parseYaml(content, file).value;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return currentMetrics(value as Record<string, unknown>);
}

function json(content: string, file: string): unknown {
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw new StageError(`${file}: not valid JSON: ${(cause as Error).message}.`, {
      hint: "Write it anew: `dvc repro`.",
      cause,
    });
  }
}

/** What stages declare of other files than params.yaml, by file: the digests of their packages. */
async function readPackages(
  { stages }: Pipeline,
  text: (path: string) => Promise<string | undefined>,
): Promise<Record<string, unknown>> {
  const files = new Set(Object.values(stages).flatMap(({ params }) => Object.keys(params)));
  files.delete(PARAMS_YAML);
  const found = [...files].map(async (file) => [file, metricsIn((await text(file)) ?? "{}", file)] as const);
  return Object.fromEntries(await Promise.all(found));
}

/** Digests by path of what dvc.lock names and is there: files, and folders of code. */
async function digests(folder: string, lock: Lock): Promise<Map<string, string>> {
  const paths = new Set(Object.values(lock).flatMap(({ deps, outs }) => [...deps, ...outs].map(({ path }) => path)));
  const found = new Map<string, string>();
  for (const path of paths) {
    const digest = isCode(path)
      ? await codeDigest(folder, path)
      : await fileMd5(`${folder}/${path}`).catch(() => undefined);
    if (digest) found.set(path, digest);
  }
  return found;
}
