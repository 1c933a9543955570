import { createHash, randomUUID } from "node:crypto";
import { userInfo } from "node:os";
import { basename, extname, resolve } from "node:path";
import { StageError } from "../../runtime/errors.ts";
import { warn as printWarning } from "../../runtime/say.ts";
import { createClient } from "../client/client.ts";
import { experimentOf, onceEach, runIdOf, timeout_s } from "../experiment/settings.ts";
import { createDelivery } from "../record/delivery.ts";
import { metricValue, type RunEvent, type StartEvent } from "../record/events.ts";
import { openJournal } from "../record/journal.ts";
import { startRecorder } from "../record/recorder.ts";
import { spoolFolder } from "../record/spool.ts";
import { addressOf } from "./address.ts";
import { endedHere } from "./ended-here.ts";
import { modelEvent } from "./model-event.ts";
import type { MlflowRun, OpenOptions, ParamValue } from "./run.ts";
import { skipRefused } from "./skip-refused.ts";

/** Milliseconds that `end` waits at most. */
const LIMIT_MS = 60_000;

/**
 * Opens a run of any program, images or not: the one that has the key or the id, else a new one. It is written down in the spool at
 * once and told to the server on the side; a server that is away costs one warning.
 *
 * The record of a program that crashes or exits without `end` stays in the spool: replaying it sets the run to KILLED.
 *
 * @example
 * ```ts
 * import { openRun } from "dvc-poison/mlflow";
 *
 * const run = openRun({ experiment: "reviews", key: "bayes, smoothing 1", name: "bayes", params: { smoothing: 1 } });
 * for (const [epoch, loss] of [0.7, 0.4].entries()) run.logMetrics({ loss }, epoch + 1);
 * run.logText("good\nbad\n", "classes.txt");
 * await run.end();
 * console.log(run.id?.length); // → 32
 * ```
 *
 * @throws StageError when the address is none of a server, or a key cannot be one.
 */
export function openRun(options: OpenOptions = {}): MlflowRun {
  const { uri, spool = spoolFolder(), request = {} } = options;
  const strict = options.strict ?? /^(1|true)$/i.test(process.env.MLFLOW_STRICT ?? "");
  const say = options.onWarning ?? printWarning;
  const experiment = options.experiment ? { name: options.experiment } : experimentOf("Default");
  const address = addressOf(uri);
  const start = startOf(
    options.key === undefined && options.runId === undefined ? { ...options, ...runOfNow() } : options,
  );
  const place = experiment.id ?? experiment.name;
  const identity = createHash("sha256").update(`${place}\n${start.key}`).digest("hex").slice(0, 16);
  const entry = `${identity}-${randomUUID()}`; // two programs may log to one run: each keeps its own record
  const warn = onceEach((text) => {
    if (strict) throw new StageError(text);
    say(`warning: MLflow: ${text}`);
  });
  const journal = openJournal(spool, entry, experiment, warn);
  if (journal === undefined) throw new Error(`${spool}: a new journal is there already`);

  const requests = new AbortController();
  const signal = request.signal ? AbortSignal.any([request.signal, requests.signal]) : requests.signal;
  const client = createClient(address, { timeout_s: timeout_s(), ...request, signal });
  let id: string | undefined;
  const deliver = createDelivery(client, {
    experiment,
    warn,
    onRun: (run) => {
      id = run.id;
    },
  });
  const recorder = startRecorder({
    journal,
    deliver: skipRefused(deliver, warn),
    abort: () => requests.abort(new Error("stopped waiting")),
    server: address.base,
    say,
    strict,
    words: {
      spool,
      strict: "Mend it, or open the run without `strict`: then the program goes on.",
      replay: "replaySpool()",
    },
  });
  let over = false;
  const record = (event: RunEvent) => {
    if (!over) recorder.record(event);
  };
  const { tags = {}, params = {} } = options;
  record(start);
  if (Object.keys(tags).length > 0) record({ type: "tags", tags });
  if (Object.keys(params).length > 0) record({ type: "params", params: texts(params) });

  return {
    key: start.key,
    get id() {
      return id;
    },
    logParams: (params) => record({ type: "params", params: texts(params) }),
    logMetrics(values, step = 0) {
      const entries = Object.entries(values).map(([key, value]) => [key, metricValue(value)]);
      record({ type: "metrics", time: Date.now(), step, values: Object.fromEntries(entries) });
    },
    setTags: (tags) => record({ type: "tags", tags: { ...tags } }),
    logDatasets: (datasets) => record({ type: "datasets", datasets: [...datasets] }),
    logFile: (file, path = basename(file)) => record({ type: "artifacts", files: [{ path, file: resolve(file) }] }),
    logText: (text, path) => record({ type: "artifacts", files: [{ path, text }] }),
    logArtifacts(files) {
      const absolute = files.map((part) => ("file" in part ? { ...part, file: resolve(part.file) } : part));
      record({ type: "artifacts", files: absolute });
    },
    logModel: async (folder, options = {}) =>
      record(await modelEvent(folder, { ...options, params: texts(options.params) })),
    async settled() {
      await recorder.settled();
      recorder.check();
    },
    async end(status = "FINISHED") {
      if (over) return;
      record({ type: "end", time: Date.now(), status });
      over = true;
      await recorder.close(LIMIT_MS);
      endedHere.add(resolve(spool, entry));
      recorder.check();
    },
  };
}

/**
 * Opens a run for as long as some work takes: FINISHED when it has ended well, FAILED when it throws. A signal ends the program without
 * a word: replaying the spool sets the run to KILLED.
 *
 * @example
 * ```ts
 * import { withRun } from "dvc-poison/mlflow";
 *
 * const accuracy = await withRun({ experiment: "reviews", tags: { kind: "text" } }, (run) => {
 *   run.logMetrics({ accuracy: 0.9 });
 *   return 0.9;
 * });
 * console.log(accuracy); // → 0.9
 * ```
 *
 * @returns what the work does. @throws what the work throws, and StageError as `openRun` and `end`.
 */
export async function withRun<T>(options: OpenOptions, work: (run: MlflowRun) => T | Promise<T>): Promise<T> {
  const run = openRun(options);
  let result: T;
  try {
    result = await work(run);
  } catch (error) {
    await run.end("FAILED").catch(() => {}); // what the work threw is what its caller has to know
    throw error;
  }
  await run.end();
  return result;
}

/** The event that begins the record: only what no server refuses, so that all else can be refused for itself. */
function startOf({ key = randomUUID(), runId, name, program = programName() }: OpenOptions): StartEvent {
  if (runId !== undefined && !/^[\w-]{1,64}$/.test(runId))
    throw new StageError(`runId is ${JSON.stringify(runId)}; it must be the id of a run.`, {
      hint: "MLflow shows it with the run.",
    });
  if (runId === undefined && (key === "" || key.length > 250 || /['"`\\\p{Cc}]/u.test(key)))
    throw new StageError(
      `key is ${JSON.stringify(key.slice(0, 80))}; it must have 1 to 250 characters, no quotation mark and no backslash.`,
      { hint: "Take a digest of what makes the run this one." },
    );
  return {
    type: "start",
    time: Date.now(),
    key: runId === undefined ? key : `run:${runId}`,
    ...(runId !== undefined && { run_id: runId }),
    stage: program,
    joins: false,
    name: name ?? program,
    params: {},
    // What MLflow's pages show as user and source (https://mlflow.org/docs/latest/ml/tracking/#system-tags).
    tags: runId === undefined ? { ...user(), "mlflow.source.name": program, "mlflow.source.type": "LOCAL" } : {},
    datasets: [],
  };
}

/** The run that MLflow's variable names, once a process, as with MLflow's own client: a further run is another one. */
function runOfNow(): Pick<OpenOptions, "runId"> {
  const runId = runIdOf();
  delete process.env.MLFLOW_RUN_ID;
  return runId === undefined ? {} : { runId };
}

const programName = (): string => basename(process.argv[1] ?? "", extname(process.argv[1] ?? "")) || "program";

function user(): Record<string, string> {
  try {
    return { "mlflow.user": userInfo().username };
  } catch {
    return {}; // a container may run under a number without a name
  }
}

const texts = (values: Record<string, ParamValue> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
