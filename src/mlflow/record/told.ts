import type { Client } from "../client/client.ts";
import { MlflowError, NOT_KEPT } from "../client/mlflow-error.ts";
import { logBatch, type MetricPoint, metricHistory } from "../client/run-data.ts";
import { getRun, type RunStatus } from "../client/runs.ts";

/** What a server has said yes to, of one run. */
export interface Told {
  params: Record<string, string>;
  points: MetricPoint[];
}

/**
 * Looks whether a run holds what its server has said yes to, for one that is failing may say yes to everything; what is missing is told once
 * more. @throws MlflowError with the code NOT_KEPT when it is missing still.
 */
export async function verifyTold(client: Client, id: string, told: Told, status: RunStatus): Promise<void> {
  const first = await missing(client, id, told);
  if (first.points.length + Object.keys(first.params).length > 0)
    await logBatch(client, id, { ...first, metrics: first.points });
  const { points, params } =
    first.points.length + Object.keys(first.params).length > 0 ? await missing(client, id, told) : first;
  const found = (await getRun(client, id)).status;
  const lacks = [
    ...Object.keys(params).map((key) => `the param ${key}`),
    ...new Set(points.map(({ key }) => `values of ${key}`)),
    ...(found === status ? [] : [`its status: it is ${found}`]),
  ];
  if (lacks.length === 0) return;
  const shown = lacks.length > 3 ? `${lacks.slice(0, 3).join(", ")} and ${lacks.length - 3} more` : lacks.join(", ");
  throw new MlflowError(`the server said yes to everything, but the run ${id} lacks ${shown}`, {
    status: 200,
    code: NOT_KEPT,
  });
}

async function missing(client: Client, id: string, told: Told): Promise<Told> {
  const run = await getRun(client, id);
  const params = Object.fromEntries(Object.entries(told.params).filter(([key]) => !(key in run.params)));
  const keys = [...new Set(told.points.map(({ key }) => key))];
  const lists = keys.map(async (key) => {
    const points = told.points.filter((point) => point.key === key);
    if (!run.metrics.includes(key)) return points;
    if (points.length === 1) return [];
    const steps = new Set((await metricHistory(client, id, key)).map(({ step }) => step));
    return points.filter(({ step }) => !steps.has(step));
  });
  return { params, points: (await Promise.all(lists)).flat() };
}
