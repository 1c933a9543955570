import { storeArtifacts } from "../client/artifacts.ts";
import type { Client } from "../client/client.ts";
import { addOutput, createModel, finishModel, modelsOf, register } from "../client/models.ts";
import { logBatch, logInputs, type MetricPoint, metricHistory } from "../client/run-data.ts";
import {
  createRun,
  deleteRun,
  deleteTag,
  experimentId,
  getRun,
  type Run,
  runsTagged,
  updateRun,
} from "../client/runs.ts";
import type { EndEvent, MetricsEvent, ModelEvent, RunEvent, StartEvent } from "./events.ts";

/** The tag by which a run is found again. */
export const KEY_TAG = "run_key";

/** The tag that names the stage which failed or was killed; a run that has it is not FINISHED. */
export const FAILED_STAGE_TAG = "failed_stage";

/** The tag of a logged model that tells whether it is the one to be logged. */
const DIGEST_TAG = "digest";

export interface DeliveryOptions {
  /** Name of the experiment; created when there is none. */
  experiment: string;
  /** The events are of the past: they don't set an existing run to RUNNING. */
  replay?: boolean;
  /** In a replay, an ending that is later than the event's stays: the run was gone on with meanwhile. */
  keepsLaterEnd?: boolean;
  /** Is told what the server cannot take. */
  warn: (text: string) => void;
  /** Is told the run as soon as it is found or made. */
  onRun?: (run: Run) => void;
}

/**
 * Tells a server the events of one run, the `start` first. Any event may be told again: nothing is logged twice.
 * @throws MlflowError from each call.
 */
export function createDelivery(client: Client, options: DeliveryOptions): (event: RunEvent) => Promise<void> {
  let began: StartEvent;
  let run: Run;
  let created = false;
  /** Points of each metric that the run has, as far as they had to be looked up. */
  const points = new Map<string, MetricPoint[]>();

  async function start(event: StartEvent): Promise<void> {
    began = event;
    run = event.run_id === undefined ? await findOrCreate(event) : await getRun(client, event.run_id);
    options.onRun?.(run);
    if (event.joins && !created) return;
    await logBatch(client, run.id, { params: event.params, tags: event.tags });
    await logInputs(client, run.id, event.datasets);
    if (run.status !== "RUNNING" && !options.replay) await updateRun(client, run.id, "RUNNING");
  }

  async function findOrCreate({ name, time, tags, key }: StartEvent): Promise<Run> {
    const experiment = await experimentId(client, options.experiment);
    const [existing] = await runsTagged(client, experiment, KEY_TAG, key);
    if (existing) return existing;
    const own = await createRun(client, experiment, { name, start: time, tags: { ...tags, [KEY_TAG]: key } });
    const [first = own] = await runsTagged(client, experiment, KEY_TAG, key);
    if (first.id !== own.id) await deleteRun(client, own.id); // another process was faster
    created = first.id === own.id;
    return first;
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
  }

  async function model(event: ModelEvent): Promise<void> {
    const { name, params, digest } = event;
    const known = (await modelsOf(client, run)).find((model) => model.tags[DIGEST_TAG] === digest);
    const model = known ?? (await createModel(client, run, { name, params, tags: { [DIGEST_TAG]: digest } }));
    if (model.status !== "LOGGED_MODEL_READY") {
      if (!(await storeArtifacts(client, model.artifactUri, event.files, options.warn))) return;
      await finishModel(client, model.id);
    }
    await addOutput(client, run, model.id, event.step);
    const last = await Promise.all(event.metrics.map(async (key) => (await pointsOf(key)).at(-1)));
    // The same points again, now with the model's name on them.
    const shown = last.filter((point) => point !== undefined).map((point) => ({ ...point, model_id: model.id }));
    await logBatch(client, run.id, { metrics: shown });
    if (event.register !== undefined) await register(client, run, model.id, event.register);
  }

  async function end({ status, time, presumed }: EndEvent): Promise<void> {
    const { stage, joins } = began;
    if (presumed && !joins && run.status !== "RUNNING") return;
    if (options.keepsLaterEnd && run.status !== "RUNNING" && (run.ended ?? 0) > time) return;
    const failed = run.tags[FAILED_STAGE_TAG];
    if (status !== "FINISHED") {
      await logBatch(client, run.id, { tags: { [FAILED_STAGE_TAG]: stage } });
    } else {
      // Who joins says nothing about the stage whose run it is, but takes its own failure back.
      if (joins && !created && failed !== stage) return;
      if (failed !== undefined) await deleteTag(client, run.id, FAILED_STAGE_TAG);
    }
    await updateRun(client, run.id, status, time);
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
        return logBatch(client, run.id, { params: event.params });
      case "datasets":
        return logInputs(client, run.id, event.datasets);
      case "artifacts":
        await storeArtifacts(client, run.artifactUri, event.files, options.warn);
        return;
      case "model":
        return model(event);
      case "end":
        return end(event);
    }
  };
}
