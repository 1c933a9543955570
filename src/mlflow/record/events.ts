import { z } from "zod";
import type { Artifact } from "../client/artifacts.ts";
import { type MetricValue, metricValueSchema } from "../client/run-data.ts";

/*
 * The events of a run, each a line of its journal. The schemas are those of the lines: what is read back has this form or is set aside.
 */
const time = z.number().describe("milliseconds since 1970");
const texts = z.record(z.string(), z.string());

const datasetSchema = z.object({
  name: z.string(),
  digest: z.string().describe("at most 36 characters"),
  uri: z.string().describe("where it lies, a path or an address"),
  context: z.enum(["training", "validation"]),
  profile: z.record(z.string(), z.unknown()).describe("what it consists of: counts and names"),
});

const startSchema = z.object({
  type: z.literal("start"),
  time,
  key: z.string().describe("what makes the experiment this one and no other: the run is found again by it"),
  run_id: z.string().optional().describe("MLflow's id of the run, where it is found by that instead"),
  stage: z.string().describe("who logs"),
  joins: z.boolean().describe("the stage only adds to a run that another stage answers for"),
  name: z.string(),
  params: texts,
  tags: texts,
  datasets: z.array(datasetSchema),
});

const metricsSchema = z.object({
  type: z.literal("metrics"),
  time,
  step: z.number(),
  values: z.record(z.string(), metricValueSchema),
  once: z.boolean().optional().describe("measured anew by each repeat, like a duration: the first measurement stays"),
});

const tagsSchema = z.object({ type: z.literal("tags"), tags: texts });

const paramsSchema = z.object({ type: z.literal("params"), params: texts });

const datasetsSchema = z.object({ type: z.literal("datasets"), datasets: z.array(datasetSchema) });

const artifactSchema: z.ZodType<Artifact> = z.union([
  z.object({ path: z.string(), file: z.string().describe("absolute; that of a copy begins at the journal's folder") }),
  z.object({ path: z.string(), text: z.string() }),
  z.object({ path: z.string(), base64: z.string() }),
]);

const noteSchema = z.object({
  type: z.literal("note"),
  text: z.string().optional().describe("Markdown; what a run says of itself already stays"),
  pictures: z
    .array(z.object({ path: z.string().describe("in the run"), alt: z.string() }))
    .optional()
    .describe("shown below it"),
});

const artifactsSchema = z.object({ type: z.literal("artifacts"), files: z.array(artifactSchema) });

const modelSchema = z.object({
  type: z.literal("model"),
  name: z.string().describe("without `/ : . % \" '`"),
  digest: z.string().describe("tells whether the run has this very model already"),
  step: z.number(),
  files: z.array(artifactSchema),
  params: texts,
  metrics: z.array(z.string()).describe("metrics of this run to be shown with the model, by name"),
  datasets: z
    .record(z.string(), datasetSchema.pick({ name: true, digest: true }))
    .optional()
    .describe("the data set that each of these metrics was measured on"),
  register: z.string().optional().describe("name of a registered model that it becomes a version of"),
});

const endSchema = z.object({
  type: z.literal("end"),
  time,
  status: z.enum(["FINISHED", "FAILED", "KILLED"]),
  presumed: z
    .boolean()
    .optional()
    .describe("concluded from a process that is gone: only a run that is still RUNNING gets this status"),
});

/** A line of a journal. */
export const eventSchema = z.discriminatedUnion("type", [
  startSchema,
  metricsSchema,
  tagsSchema,
  paramsSchema,
  datasetsSchema,
  artifactsSchema,
  noteSchema,
  modelSchema,
  endSchema,
]);

/** Begins the record of a run, or goes on with the one that has the same key. */
export type StartEvent = z.infer<typeof startSchema>;
/** Figures of one step. */
export type MetricsEvent = z.infer<typeof metricsSchema>;
/** What a run says of itself on its page. */
export type NoteEvent = z.infer<typeof noteSchema>;
/** A model with all its files, `MLmodel` among them. */
export type ModelEvent = z.infer<typeof modelSchema>;
/** The run is over. */
export type EndEvent = z.infer<typeof endSchema>;

/**
 * All that is ever logged of a run, as data: what a server is told, and what waits on disk for a server that is not there.
 * Each may be delivered twice without harm.
 */
export type RunEvent = z.infer<typeof eventSchema>;

/** A number as MLflow and JSON can hold it. */
export function metricValue(value: number): MetricValue {
  if (Number.isFinite(value)) return value;
  return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}
