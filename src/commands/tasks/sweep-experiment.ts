import { StageError } from "../../runtime/errors.ts";
import { say } from "../../runtime/say.ts";
import { runInClone } from "../sweep/cluster/clone.ts";
import { type Order, readEnd, writeEnd } from "../sweep/cluster/order.ts";
import { runTask } from "./run-task.ts";

/** One experiment is one task: what it computes, it computes here. */
for (const name of ["POISON_RUNNER", "POISON_TASKS", "POISON_RUNNER_ARGS"]) delete process.env[name];

await runTask("sweep-experiment", async (task) => {
  const order = task as Order;
  if (readEnd(order)?.ok) return say(`sweep-experiment: ${order.name}: is there already`);
  try {
    await writeEnd(order, { ok: true, ...(await runInClone(order)) });
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    await writeEnd(order, { ok: false, reason: error.hint ? `${error.message} → ${error.hint}` : error.message });
  }
  say(`sweep-experiment: ${order.name}: ended`);
});
