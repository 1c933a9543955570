import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { openCache } from "../dvc/cache.ts";
import { allRevisions, findRevision } from "../dvc/refs.ts";
import { runDvc } from "../dvc/run-dvc.ts";
import { readAddress } from "../mlflow/client/address.ts";
import { createClient } from "../mlflow/client/client.ts";
import { MlflowError } from "../mlflow/client/mlflow-error.ts";
import { experimentOf, onceEach, timeout_s } from "../mlflow/experiment/settings.ts";
import { listJournals, spoolFolder } from "../mlflow/record/spool.ts";
import { adopt, deliverAll, deliverJournal, isLogged } from "../mlflow/replay/deliver.ts";
import { type PastRun, pastRun } from "../mlflow/replay/past-run.ts";
import { workspaceRun } from "../mlflow/replay/workspace-run.ts";
import { withTemporary } from "../runtime/atomic-write.ts";
import { StageError } from "../runtime/errors.ts";
import { commandLine } from "../runtime/installation.mjs";
import { say as print, warn as printWarning } from "../runtime/say.ts";
import { parseFlags } from "./flags.ts";
import { runScript } from "./script.ts";

const COLUMN = commandLine("mlflow-sync", "poison-7.5 HEAD").length;
const call = (args?: string) => commandLine("mlflow-sync", args).padEnd(COLUMN);

const help = `${commandLine("mlflow-sync", "[EXPERIMENT | COMMIT | workspace]… [--all] [--parent RUN]")}

Tells the MLflow server at MLFLOW_TRACKING_URI what it has missed: all that waits in .mlflow/spool because the server was away, and
that a process which was killed no longer runs. What the server has already is left alone.

With names it also logs past experiments from their files in git and DVC's cache: those that ran without MLflow, and those that
DVC took from its cache instead of running them.

  ${call()}    what waits
  ${call("poison-7.5 HEAD")}    and these
  ${call("workspace")}    and what lies in this folder now
  ${call("--all")}    and all experiments, branches and tags

  --parent RUN   show those that are named below this run, as a sweep does: its id, as MLflow shows it`;

const say = (text: string) => print(`mlflow:sync: ${text}`);
const warn = onceEach((text) => printWarning(`mlflow:sync: warning: ${text}`));

await runScript("mlflow:sync", async () => {
  const { values: flags, positionals } = parseFlags({
    allowPositionals: true,
    options: {
      all: { type: "boolean", default: false },
      parent: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (flags.help) return void print(help);
  if (!process.env.MLFLOW_TRACKING_URI) {
    throw new StageError("MLFLOW_TRACKING_URI is not set: there is no server to tell.", {
      hint: `\`${commandLine("mlflow")}\` starts one: export MLFLOW_TRACKING_URI=http://localhost:5000`,
    });
  }
  const client = createClient(readAddress(), { timeout_s: timeout_s() });
  const names = positionals.filter((name) => name !== "workspace");
  const revisions = flags.all ? await allRevisions() : await Promise.all(names.map((name) => findRevision(name)));

  let failures = 0;
  let unexpected: unknown;
  /** One after the other; what fails does not stop the rest, unless the server is not there for any. */
  const each = async (name: string, work: () => Promise<string>) => {
    try {
      say(`${name}: ${await work()}`);
    } catch (error) {
      if (!(error instanceof StageError || error instanceof MlflowError)) unexpected ??= error;
      if (error instanceof MlflowError && error.ofServer) {
        const hint = "Mend the server or the address; what waits stays in .mlflow/spool.";
        throw new StageError(`MLflow at ${client.base}: ${error.message}`, { hint, cause: error });
      }
      failures++;
      const { message } = error as Error;
      say(message.startsWith(`${name}:`) ? message : `${name}: ${message}`);
    }
  };
  const journals = listJournals(spoolFolder());
  for (const run of journals) {
    const [first] = run.events;
    await each(first?.type === "start" ? `${first.name} (${first.stage})` : run.folder, async () => {
      if (run.alive) return "a process is still at it";
      const options = { repeatable: true, keepsLaterEnd: true, current: experimentOf() };
      const outcome = await deliverJournal(client, run, warn, options);
      if (outcome === "set aside") failures++;
      return outcome;
    });
  }
  const log = async (past: PastRun | undefined) => {
    if (past === undefined) return "no training in its dvc.lock";
    const { events, missing, notes, start } = past;
    const experiment = experimentOf();
    const known = await isLogged(client, experiment, start);
    if (!known) {
      for (const note of notes) warn(note);
      await deliverAll(client, experiment, events, warn);
    }
    if (flags.parent !== undefined) await adopt(client, experiment, start, flags.parent);
    if (known) return "is there already";
    return missing.length > 0 ? `logged without ${missing.join(", ")}: not in DVC's cache` : "logged";
  };
  if (positionals.includes("workspace")) await each("workspace", async () => log(await workspaceRun()));
  const scratch = mkdtempSync(join(tmpdir(), "mlflow-sync-"));
  await withTemporary(scratch, async () => {
    if (revisions.length === 0) return;
    const cache = openCache(resolve((await runDvc(["cache", "dir"], scratch)).trim()));
    for (const [i, revision] of revisions.entries()) {
      const folder = join(scratch, String(i));
      await each(revision.name, async () => log(await pastRun(revision, cache, folder)));
    }
  });
  if (journals.length + revisions.length + positionals.length === 0) say("nothing waits.");
  if (unexpected !== undefined) throw unexpected; // with its stack, and after all that could be told
  return failures > 0 ? 1 : 0;
});
