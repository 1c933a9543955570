import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse } from "yaml";
import { type Lock, parseLock } from "../../dvc/lock.ts";
import { memorizationFile } from "../../records/training/memorization.ts";
import { readPredictions, readTraining } from "../../records/training/training.ts";
import { StageError } from "../../runtime/errors.ts";
import type { Revision } from "./revision.ts";
import type { RevisionResults } from "./revision-results.ts";
import { staleStages } from "./stale.ts";

const METRICS = "metrics/train.json";
const MEMORIZATION = "metrics/memorization.json";
/** What version 0.1.0 called it. */
const BEFORE_MEMORIZATION = "metrics/poison.json";
const PREDICTIONS = "plots/predictions.json";

/** Reads what a revision holds, but for the labels, which lie in DVC's cache. @throws StageError when it holds no results. */
export async function readResults(revision: Revision): Promise<Omit<RevisionResults, "labels">> {
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

async function read({ name, folder }: Revision): Promise<Omit<RevisionResults, "labels">> {
  const text = (path: string) => readFile(join(folder, path), "utf8").catch(() => undefined);
  const [lockText, dvcYaml] = await Promise.all([text("dvc.lock"), text("dvc.yaml")]);
  if (lockText === undefined || (await text(METRICS)) === undefined) {
    throw new StageError(
      `${name}: holds no ${lockText === undefined ? "dvc.lock" : METRICS}: there are no results to compare.`,
      {
        hint: "Run the pipeline there and commit what it wrote (`npm start`, `git add dvc.lock metrics plots`), or name another revision.",
      },
    );
  }
  const lock = parseLock(lockText);
  const pipeline = parse(dvcYaml ?? "") as Pipeline | null;
  const params = (parse((await text("params.yaml")) ?? "") ?? {}) as Record<string, unknown>;
  const record = await readTraining({
    history: join(folder, "plots/history.json"),
    metrics: join(folder, METRICS),
  });
  const predictions =
    (await text(PREDICTIONS)) === undefined
      ? undefined
      : await readPredictions(join(folder, PREDICTIONS), record.metadata);
  const metrics: RevisionResults["metrics"] = {};
  for (const path of metricsFiles(pipeline)) {
    const content = await text(path);
    if (content === undefined) continue;
    if (path === BEFORE_MEMORIZATION) metrics[MEMORIZATION] = memorizationFile.parse(content, join(folder, path));
    else metrics[path] = parse(content); // JSON is YAML too
  }
  const stages = Object.keys(pipeline?.stages ?? {});
  const stale = staleStages(lock, { stages, params, digests: await digests(folder, lock) });
  return { name, ...record, metrics, params, lock, predictions, stale };
}

interface Pipeline {
  stages?: Record<string, { metrics?: (string | Record<string, unknown>)[] }>;
}

/** The metrics files that dvc.yaml declares. */
function metricsFiles(pipeline: Pipeline | null): string[] {
  return Object.values(pipeline?.stages ?? {}).flatMap(({ metrics = [] }) =>
    metrics.map((entry) => (typeof entry === "string" ? entry : (Object.keys(entry)[0] as string))),
  );
}

/** MD5 of the files that dvc.lock names and that are there; not of folders. */
async function digests(folder: string, lock: Lock): Promise<Map<string, string>> {
  const paths = new Set(Object.values(lock).flatMap(({ deps, outs }) => [...deps, ...outs].map(({ path }) => path)));
  const found = new Map<string, string>();
  for (const path of paths) {
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    if (bytes) found.set(path, createHash("md5").update(bytes).digest("hex"));
  }
  return found;
}
