import { readAddress } from "../../../src/mlflow/client/address.ts";
import { type ClientOptions, createClient } from "../../../src/mlflow/client/client.ts";
import { createDelivery, type DeliveryOptions } from "../../../src/mlflow/record/delivery.ts";
import type { EndEvent, MetricsEvent, ModelEvent, RunEvent, StartEvent } from "../../../src/mlflow/record/events.ts";
import type { FakeMlflow } from "./fake-server.ts";

/** The beginning of a run at 1000 ms; plot joins the run of another stage. */
export const start = (stage: string, key = "k"): StartEvent => ({
  ...{ type: "start", time: 1000, key, stage, joins: stage === "plot", name: "n" },
  ...{ params: { poison: "5" }, tags: { stage }, datasets: [] },
});

/** Its end at 2000 ms. */
export const end = (status: EndEvent["status"], presumed = false): EndEvent => ({
  ...{ type: "end", time: 2000, status, presumed },
});

export const loss = (step: number, value: number, time = 1500): MetricsEvent => ({
  ...{ type: "metrics", time, step, values: { loss: value } },
});

export const model = (digest: string): ModelEvent => ({
  ...{ type: "model", name: "m", digest, step: 1, params: {}, metrics: [] },
  files: [{ path: "MLmodel", text: "flavors:\n  keras:\n    data: data\n" }],
});

/** Delivers events to a server, each list as another process would. @returns what it warns of. */
export async function tell(
  { uri }: FakeMlflow,
  events: readonly RunEvent[],
  options: Partial<DeliveryOptions> = {},
  requests: ClientOptions = {},
): Promise<string[]> {
  const warnings: string[] = [];
  const client = createClient(readAddress({ MLFLOW_TRACKING_URI: uri }), requests);
  const warn = (text: string) => warnings.push(text);
  const deliver = createDelivery(client, { experiment: { name: "e" }, warn, ...options });
  for (const event of events) await deliver(event);
  return warnings;
}
