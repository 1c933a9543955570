import { createHash } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { performance } from "node:perf_hooks";
import { readPipeline } from "../../dvc/pipeline.ts";
import { STAGES } from "../../dvc/roles.ts";
import { roundDeep } from "../../numbers/round-deep.ts";
import { StageError } from "../../runtime/errors.ts";
import { printable } from "../../runtime/printable.mjs";
import { readAddress } from "../client/address.ts";
import { createClient } from "../client/client.ts";
import { runLink } from "../client/links.mjs";
import type { Run } from "../client/runs.ts";
import { createDelivery } from "../record/delivery.ts";
import type { EndEvent } from "../record/events.ts";
import { openJournal } from "../record/journal.ts";
import { startRecorder } from "../record/recorder.ts";
import { spoolFolder } from "../record/spool.ts";
import type { LoggedStage, RunOptions, TrackedRun } from "../tracked-run.ts";
import { epochEvent, lockEvents, pictureEvents, trainingEvents } from "./results.ts";
import { experimentOf, onceEach, runIdOf, timeout_s } from "./settings.ts";
import { startEvent } from "./start-event.ts";
import { describeWorkspace, paramsYaml, readLock } from "./workspace.ts";

/** When a stage has done its work it waits so long for MLflow at most; when it is stopped, so long. */
const LIMIT_MS = { end: 60_000, abort: 2500 };

/** As `openRun`; nothing when this experiment is not to be logged, or not by this process. @throws StageError when strict. */
export async function openTrackedRun(invocation: LoggedStage, options: RunOptions): Promise<TrackedRun | undefined> {
  const strict = /^(1|true)$/i.test(process.env.MLFLOW_STRICT ?? "");
  const line = process.stderr.isTTY ? "\r\x1b[2K" : ""; // over a progress line
  const say = (text: string) => process.stderr.write(`${line}${printable(`${invocation.stage}: ${text}`)}\n`);
  try {
    return await open(invocation, options, { strict, say });
  } catch (error) {
    const { message, hint } = error as StageError;
    if (strict) throw error instanceof StageError ? error : new StageError(`MLflow: ${message}`, { cause: error });
    say(`warning: MLflow: not logged: ${message}`);
    if (hint) say(`  → ${hint}`);
    return undefined;
  }
}

async function open(
  invocation: LoggedStage,
  options: RunOptions,
  { strict, say }: { strict: boolean; say: (text: string) => void },
): Promise<TrackedRun | undefined> {
  const { stage, params } = invocation;
  const usual = (await readPipeline()).stages[STAGES.training]?.paths ?? {};
  const { labels = usual.labels as string, features = usual.features as string, joins } = options;
  // Pictures of other files than this experiment's belong to none of its runs.
  if (Object.entries(joins ?? {}).some(([key, path]) => path !== (usual[key] ?? path))) return undefined;
  const address = readAddress();
  const described = await describeWorkspace(params, { labels, features });
  const runId = runIdOf();
  const start = {
    ...startEvent({ stage, joins: joins !== undefined, time: Date.now(), ...described }),
    ...(runId !== undefined && { run_id: runId }),
  };
  const warn = onceEach((text) => {
    if (strict) throw new StageError(text);
    say(`warning: MLflow: ${text}`);
  });
  for (const note of described.notes) say(`warning: MLflow: ${note}`);
  const experiment = experimentOf();
  const place = [experiment.name, experiment.id, runId].filter((part) => part !== undefined).join("\n");
  const identity = createHash("sha256").update(`${place}\n${start.key}`).digest("hex").slice(0, 16);
  const journal = openJournal(spoolFolder(), `${identity}-${stage}`, experiment, warn);
  if (journal === undefined) {
    say("MLflow: another process is logging this very experiment; this one leaves it to that.");
    return undefined;
  }
  const requests = new AbortController();
  const client = createClient(address, { timeout_s: timeout_s(), signal: requests.signal });
  let run: Run | undefined;
  const recorder = startRecorder({
    journal,
    deliver: createDelivery(client, {
      experiment,
      repeatable: true,
      warn,
      onRun: (found) => {
        run = found;
      },
    }),
    abort: () => requests.abort(new Error("stopped waiting")),
    server: address.base,
    say,
    strict,
  });
  let over = false;
  const end = (status: EndEvent["status"]): EndEvent => {
    over = true;
    return { type: "end", time: Date.now(), status };
  };
  invocation.onAbort((ending) => recorder.close(LIMIT_MS.abort, end(ending === "killed" ? "KILLED" : "FAILED")));
  recorder.record(start);
  if (strict) await recorder.settled();
  recorder.check();

  let clock: { images: number; began: number; last: number; epochs: number } | undefined;
  return {
    training({ name, backend, device }, images) {
      const now = performance.now();
      clock = { images, began: now, last: now, epochs: 0 };
      recorder.record({ type: "tags", tags: { backend, device, build: name } });
    },
    epoch(figures) {
      if (over) return; // the stage was stopped, but its loop still turns
      recorder.record(epochEvent(roundDeep(figures), Date.now()));
      recorder.check();
      if (clock) Object.assign(clock, { last: performance.now(), epochs: clock.epochs + 1 });
    },
    async finish(results) {
      if (over) return;
      const time = Date.now();
      if ("training" in results) {
        const { text } = await paramsYaml(params);
        const { register } = options;
        const facts = {
          root: process.cwd(),
          time,
          params: start.params,
          paramsYaml: text,
          datasets: start.datasets,
          register,
        };
        for (const event of await trainingEvents(results.training, facts)) recorder.record(event);
        if (clock) recorder.record({ type: "metrics", time, step: clock.epochs, values: speed(clock), once: true });
      } else for (const event of await pictureEvents(process.cwd(), results.pictures)) recorder.record(event);
      const lock = await readLock();
      for (const event of lockEvents(lock)) recorder.record(event);
      recorder.record(end("FINISHED"));
      await recorder.close(LIMIT_MS.end);
      recorder.check();
      if (!run || start.joins) return;
      const address = runLink(client.base, run);
      say(`MLflow: ${address}`);
      const file = process.env.POISON_RUN_ADDRESS_FILE; // for whoever has started the run, and says it at the end
      if (file) await writeFile(file, `${address}\n`).catch(() => {});
    },
  };
}

/** How long the training took, seconds, and how many images it passed over in one. */
function speed({ images, began, last, epochs }: { images: number; began: number; last: number; epochs: number }) {
  const duration_s = (last - began) / 1000;
  return roundDeep({ "system/duration_s": duration_s, "system/images_per_s": (images * epochs) / duration_s });
}
