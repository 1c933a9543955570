import { commandLine } from "../../runtime/installation.mjs";
import { type ArtifactStore, openStore } from "../client/artifact-store.ts";
import { type Artifact, readArtifacts, storeContents } from "../client/artifacts.ts";
import type { Client } from "../client/client.ts";
import type { ExperimentRef } from "../client/experiments.ts";
import { MlflowError, UNSUPPORTED } from "../client/mlflow-error.ts";
import { logBatch, logInputs, type MetricPoint, metricHistory } from "../client/run-data.ts";
import { deleteTag, getRun, type Run, updateRun } from "../client/runs.ts";
import { TOO_OLD } from "../client/version.mjs";
import type { EndEvent, MetricsEvent, NoteEvent, RunEvent, StartEvent } from "./events.ts";
import { findOrCreate, isKeyOfId, KEY_TAG, runWithKey } from "./find-run.ts";
import { logModel } from "./log-model.ts";
import { extendedNote, NOTE_TAG } from "./note.ts";
import { type Told, verifyTold } from "./told.ts";

/** The tag that names the stage which failed or was killed; a run that has it is not FINISHED. */
export const FAILED_STAGE_TAG = "failed_stage";

export interface DeliveryOptions {
  experiment: ExperimentRef;
  /** The events are of the past: they don't set an existing run to RUNNING. */
  replay?: boolean;
  /** In a replay, an ending that is later than the event's stays: the run was gone on with meanwhile. */
  keepsLaterEnd?: boolean;
  /**
   * The key stands for an experiment that comes to the same results each time: whoever finishes it names its run, and a past attempt that
   * failed takes nothing from one that has FINISHED.
   */
  repeatable?: boolean;
  /** Is told what the server cannot take. */
  warn: (text: string) => void;
  /** Is told the run as soon as it is found or made. */
  onRun?: (run: Run) => void;
}

/** Files that cannot be stored, and what helps. @param root `artifact_uri` of a run. @param again how it is logged once more. */
const outOfReach = (root: string, again: string): string =>
  `artifacts of this experiment lie at ${root.replace(/:.*/s, ":…").slice(0, 80)}, which the server does not hand on and this machine ` +
  "does not share: files and models are not logged. That place is fixed when an experiment is made: start the server with " +
  `--serve-artifacts, set MLFLOW_EXPERIMENT_NAME to a new name, and log it there${again}.`;

/** @throws MlflowError when the server's version is known and not supported: before anything is logged. */
export async function requireSupported(client: Client): Promise<void> {
  const version = await client.version();
  if (version === undefined || version.supported) return;
  throw new MlflowError(`it is MLflow ${version.text}; ${TOO_OLD}`, { status: 400, code: UNSUPPORTED });
}

/**
 * Tells a server the events of one run, the `start` first. Any event may be told again: nothing is logged twice.
 * @throws MlflowError from each call.
 */
export function createDelivery(client: Client, options: DeliveryOptions): (event: RunEvent) => Promise<void> {
  const { experiment, replay = false, repeatable = false, warn } = options;
  let began: StartEvent;
  let run: Run;
  let created = false;
  let store: Promise<ArtifactStore | undefined> | undefined;
  const told: Told = { params: {}, points: [] };
  /** Points of each metric that the run has, as far as they had to be looked up. */
  const points = new Map<string, MetricPoint[]>();

  async function start(event: StartEvent): Promise<void> {
    await requireSupported(client);
    began = event;
    ({ run, created } = await findOrCreate(client, experiment, event, warn));
    options.onRun?.(run);
    if (event.joins && !created) return;
    const tags = isKeyOfId(event.key) ? event.tags : { ...event.tags, [KEY_TAG]: event.key };
    await params(event.run_id === run.id ? unlessOther(event.params) : event.params, tags);
    await inputs(event.datasets);
    if (run.status !== "RUNNING" && !replay) await updateRun(client, run.id, { status: "RUNNING" });
  }

  /** A run that was named may have params of its own; they stay. */
  function unlessOther(params: Record<string, string>): Record<string, string> {
    const other = Object.keys(params).filter((key) => (run.params[key] ?? params[key]) !== params[key]);
    if (other.length > 0) warn(`the run ${run.id} has other values of ${other.join(", ")}; they stay.`);
    return Object.fromEntries(Object.entries(params).filter(([key]) => !other.includes(key)));
  }

  async function params(params: Record<string, string>, tags: Record<string, string> = {}): Promise<void> {
    await logBatch(client, run.id, { params, tags });
    Object.assign(told.params, params);
  }

  async function inputs(datasets: StartEvent["datasets"]): Promise<void> {
    await logInputs(client, run.id, datasets).catch((error: MlflowError) => {
      if (!error.unknownEndpoint) throw error;
      warn("the server knows no data sets: a run's inputs are not logged.");
    });
  }

  async function pointsOf(key: string): Promise<MetricPoint[]> {
    const known = points.get(key) ?? (created ? [] : await metricHistory(client, run.id, key));
    points.set(key, known);
    return known;
  }

  /** A repeat comes to the same figures, which are there already. */
  async function metrics({ time, step, values, once }: MetricsEvent): Promise<void> {
    const fresh: MetricPoint[] = [];
    for (const [key, value] of Object.entries(values)) {
      const known = await pointsOf(key);
      const same = known.some((point) => point.step === step && (once || String(point.value) === String(value)));
      if (!same) fresh.push({ key, value, timestamp: time, step });
    }
    await logBatch(client, run.id, { metrics: fresh });
    for (const point of fresh) points.get(point.key)?.push(point);
    told.points.push(...fresh);
  }

  /** Where the run's files go; nothing when that is out of reach, which is said. */
  async function openedStore(): Promise<ArtifactStore | undefined> {
    store ??= openStore(client, run).catch((error) => {
      store = undefined;
      throw error;
    });
    const opened = await store;
    const again = repeatable ? `: ${commandLine("mlflow-sync", "workspace")}` : "";
    if (opened === undefined) warn(outOfReach(run.artifactUri, again));
    return opened;
  }

  async function artifacts(files: readonly Artifact[]): Promise<void> {
    const opened = await openedStore();
    if (opened === undefined) return;
    const { contents, gone } = await readArtifacts(files);
    await storeContents(opened, run.artifactUri, contents);
    if (gone.length > 0) warn(`${gone.join(", ")}: gone from the disk before it could be logged.`);
  }

  /** Asks anew what the run says: a person may have changed it meanwhile. */
  async function note(event: NoteEvent): Promise<void> {
    const { tags } = await getRun(client, run.id);
    const text = extendedNote(tags[NOTE_TAG], event, run.id);
    if (text !== tags[NOTE_TAG]) await logBatch(client, run.id, { tags: { [NOTE_TAG]: text } });
  }

  async function end({ status, time, presumed }: EndEvent): Promise<void> {
    const { stage, joins, name } = began;
    const past = presumed || (replay && repeatable && status !== "FINISHED" && run.status === "FINISHED");
    if (past && !joins && run.status !== "RUNNING") return;
    const finishes = repeatable && status === "FINISHED" && run.status !== "FINISHED";
    if (options.keepsLaterEnd && !finishes && run.status !== "RUNNING" && (run.ended ?? 0) > time) return;
    const failed = run.tags[FAILED_STAGE_TAG];
    if (status !== "FINISHED") {
      await logBatch(client, run.id, { tags: { [FAILED_STAGE_TAG]: stage } });
    } else {
      // Who joins says nothing about the stage whose run it is, but takes its own failure back.
      if (joins && !created && failed !== stage) return;
      if (failed !== undefined) await deleteTag(client, run.id, FAILED_STAGE_TAG);
    }
    const renamed = finishes && !joins && began.run_id !== run.id && run.name !== name;
    await updateRun(client, run.id, {
      status,
      end_time: Math.max(time, run.started), // an attempt that was killed may have begun the run after this one
      ...(renamed && { run_name: name }),
    });
    if (status === "FINISHED") await verifyTold(client, run.id, told, status);
    if (!isKeyOfId(began.key)) await runWithKey(client, run.experimentId, began.key); // deletes what a slow server has made since
  }

  return async (event) => {
    switch (event.type) {
      case "start":
        return start(event);
      case "metrics":
        return metrics(event);
      case "tags":
        return logBatch(client, run.id, { tags: event.tags });
      case "params":
        return params(event.params);
      case "datasets":
        return inputs(event.datasets);
      case "artifacts":
        return artifacts(event.files);
      case "note":
        return note(event);
      case "model": {
        const opened = await openedStore();
        const lastPoint = async (key: string) => (await pointsOf(key)).at(-1);
        if (opened) await logModel({ client, run, store: opened, time: began.time, warn, lastPoint }, event);
        return;
      }
      case "end":
        return end(event);
    }
  };
}
