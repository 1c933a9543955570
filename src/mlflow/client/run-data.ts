import { z } from "zod";
import type { Client } from "./client.ts";
import { toPairs } from "./runs.ts";

/** A value as MLflow takes it: JSON has no number for the last three. */
export type MetricValue = number | "NaN" | "Infinity" | "-Infinity";

/** One point of a metric. */
export interface MetricPoint {
  key: string;
  value: MetricValue;
  /** Milliseconds since 1970. */
  timestamp: number;
  step: number;
}

/** A data set that went into a run. */
export interface DatasetInput {
  name: string;
  /** At most 36 characters. */
  digest: string;
  /** Where it lies, a path or an address. */
  uri: string;
  context: "training" | "validation";
  /** What it consists of: counts and names. */
  profile: Record<string, unknown>;
}

/** What one call of `runs/log-batch` may hold, so that it stays under 1 MB too. */
const BATCH = { metrics: 1000, params: 100, tags: 100 };

/** Adds metrics, params and tags, in as many calls as it takes. A param that is there must have the same value. */
export async function logBatch(
  client: Client,
  id: string,
  batch: {
    /** One with `model_id` is the logged model's too, measured on that data set of the run. */
    metrics?: (MetricPoint & { model_id?: string; dataset_name?: string; dataset_digest?: string })[];
    params?: Record<string, string>;
    tags?: Record<string, string>;
  },
): Promise<void> {
  const all = { metrics: batch.metrics ?? [], params: toPairs(batch.params), tags: toPairs(batch.tags) };
  for (let call = 0; ; call++) {
    const part = <T>(list: T[], size: number) => list.slice(call * size, (call + 1) * size);
    const metrics = part(all.metrics, BATCH.metrics);
    const params = part(all.params, BATCH.params);
    const tags = part(all.tags, BATCH.tags);
    if (metrics.length + params.length + tags.length === 0) return;
    await client.send("POST", "runs/log-batch", { run_id: id, metrics, params, tags });
  }
}

/** Names the data sets a run was made from. The same name and digest again changes nothing. */
export async function logInputs(client: Client, id: string, datasets: readonly DatasetInput[]): Promise<void> {
  if (datasets.length === 0) return;
  await client.send("POST", "runs/log-inputs", {
    run_id: id,
    datasets: datasets.map(({ name, digest, uri, context, profile }) => ({
      tags: [{ key: "mlflow.data.context", value: context }],
      dataset: {
        name,
        digest,
        source_type: "local",
        source: JSON.stringify({ uri }),
        profile: JSON.stringify(profile),
      },
    })),
  });
}

/** MLflow writes 64-bit numbers as text, and leaves out a 0. */
const int64 = z.coerce.number().default(0);
const FAR = ["NaN", "Infinity", "-Infinity"] as const;
export const metricValueSchema: z.ZodType<number | (typeof FAR)[number]> = z.union([z.number(), z.enum(FAR)]);
const pointAnswer = z.object({
  key: z.string(),
  value: metricValueSchema.default(0),
  timestamp: int64,
  step: int64,
});
const historyAnswer = z.object({ metrics: z.array(pointAnswer).optional(), next_page_token: z.string().optional() });

/** All points of one metric of a run. */
export async function metricHistory(client: Client, id: string, key: string): Promise<MetricPoint[]> {
  const points: MetricPoint[] = [];
  let page = "";
  do {
    const query = { run_id: id, metric_key: key, max_results: "25000", ...(page && { page_token: page }) };
    const answer = await client.get("metrics/get-history", query, historyAnswer);
    points.push(...(answer.metrics ?? []));
    page = answer.next_page_token ?? "";
  } while (page);
  return points;
}
