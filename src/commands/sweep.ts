/* The sweep: every poison level with every seed, each a DVC experiment. `--help` says more */
import yargs from "yargs";
import { paramsPlace } from "../dvc/params-place.ts";
import { readPipeline } from "../dvc/pipeline.ts";
import { dropUnfinishedRuns } from "../dvc/run-cache.ts";
import { RUNNERS, type RunnerName, runnerSettings } from "../runners/settings.ts";
import { gpuWanted } from "../runtime/device.ts";
import { endingSignals, exitCodeOf } from "../runtime/ending-signals.mjs";
import { StageError } from "../runtime/errors.ts";
import { commandLine } from "../runtime/installation.mjs";
import { outliveOutput } from "../runtime/lost-output.mjs";
import { endWith, endWithUncaught, say, warn } from "../runtime/say.ts";
import { loadParams } from "../stage/params.ts";
import { Clones } from "./sweep/cluster/run-in-clones.ts";
import { experimentsNamed, isUpToDate, type Present, readPresent } from "./sweep/experiments.ts";
import {
  type Cell,
  checkOverrides,
  experimentsOf,
  labelOf,
  parseLevels,
  parseSeeds,
  STUDY_LEVELS,
} from "./sweep/grid.ts";
import { logSweep } from "./sweep/mlflow-run.ts";
import { startMlflow } from "./sweep/mlflow-server.ts";
import { startSweepProgress } from "./sweep/progress.ts";
import { type Finished, readFinished } from "./sweep/results.ts";
import { type Outcome, removeExperiments, runCell, wasComputed } from "./sweep/run-experiment.ts";
import { levelsText, oneSeed } from "./sweep/table.ts";
import { tagLevels } from "./sweep/tag.ts";
import { writeResults } from "./sweep/write-results.ts";

const options = yargs(process.argv.slice(2))
  .scriptName(commandLine("sweep"))
  .usage(
    `${commandLine("sweep", "[options]")}\n\nRuns the experiment at every poison level and compares. What is done and unchanged is not run again.`,
  )
  .option("levels", { type: "string", default: STUDY_LEVELS.join(","), describe: "poison levels in %" })
  .option("seeds", { type: "string", default: "1", describe: "seeds: 1..5 or 1,2,7" })
  .option("jobs", {
    type: "number",
    describe: "experiments at the same time; on a GPU they take turns [1; slurm, ray: as many as there is room for]",
  })
  .option("force", {
    type: "boolean",
    default: false,
    describe: "run again what is done, all stages of it, the network too",
  })
  .option("runner", {
    choices: RUNNERS,
    default: "local" as RunnerName,
    describe: "who runs the experiments; on slurm and ray, in clones that push to a git remote and DVC's",
  })
  .option("git-remote", {
    type: "string",
    describe: "the git remote that experiments in clones are pushed to [slurm, ray: origin]",
  })
  .option("tag", { type: "boolean", default: false, describe: "tag each level's first seed, e.g. poison-7.5" })
  .option("start-mlflow", { type: "boolean", default: false, describe: "start a local MLflow server and log to it" })
  .option("set", {
    alias: "S",
    type: "string",
    array: true,
    nargs: 1,
    default: [],
    describe: "another parameter, key=value",
  })
  .locale("en")
  .version(false)
  .strict()
  .parseSync();

outliveOutput();
endWithUncaught("sweep");
try {
  process.exitCode = await sweep();
} catch (error) {
  endWith(error, "sweep");
}

async function sweep(): Promise<number> {
  const label = labelOf(options.set);
  const cells = experimentsOf(parseLevels(options.levels), parseSeeds(options.seeds), label);
  const jobs = chooseJobs(options.jobs);
  const clones = await openClones(options.jobs);
  checkOverrides(options.set);
  const place = paramsPlace(await readPipeline());
  for (const cell of cells) loadParams(place, settingsOf(cell)); // a bad value stops the sweep before it begins
  const stop = new AbortController();
  for (const signal of endingSignals) process.on(signal, () => stop.abort(signal));
  const server = options["start-mlflow"] ? await startMlflow(stop.signal) : undefined;
  try {
    const { finished, failed } = await runCells(cells, { jobs, clones }, stop.signal);
    if (finished.length > 0) {
      const { levels, files } = await writeResults(finished, label);
      const note = oneSeed(levels);
      say(`\n${levelsText(levels, plusMinus())}${note && `\n${note}`}\n\nwritten: ${files.join(", ")}`);
      if (process.env.MLFLOW_TRACKING_URI && !stop.signal.aborted)
        await logSweep(finished, loadParams(place, settingsOf((finished[0] as Finished).cell)), {
          files,
          label,
          failed: failed.length > 0,
        });
      if (options.tag) say(await tagLevels(finished, label, options.force));
    }
    for (const { cell, reason, log } of failed) warn(`failed: ${cell.name}: ${reason} (${log})`);
    if (stop.signal.aborted) await dropUnfinishedRuns();
    if (stop.signal.aborted) warn("stopped; the same command goes on from here.");
    return stop.signal.aborted ? exitCodeOf(stop.signal.reason) : failed.length > 0 ? 1 : 0;
  } finally {
    await server?.stop();
  }
}

function settingsOf(cell: Cell): string[] {
  return [...options.set, `poison=${cell.level}`, `seed=${cell.seed}`];
}

/** Runs what is not done yet; the first alone, so that what all share (images, features) is made once and then found in DVC's cache. */
async function runCells(
  cells: readonly Cell[],
  { jobs, clones }: { jobs: number; clones: Clones | undefined },
  signal: AbortSignal,
) {
  await clones?.fetchFinished(cells);
  const present = await readPresent();
  const finished: Finished[] = [];
  const failed: { cell: Cell; reason: string; log: string }[] = [];
  const queue: Cell[] = [];
  for (const cell of cells) {
    const done = options.force ? undefined : await findDone(cell, present);
    if (done !== undefined) finished.push(await readFinished(cell, done));
    else queue.push(cell);
  }
  if (finished.length > 0) say(`sweep: ${finished.length} of ${cells.length} experiments are done already`);
  if (queue.length === 0) return { finished, failed };

  const progress = startSweepProgress(queue.length, jobs);
  const how = { place: paramsPlace(present.pipeline), force: options.force, signal };
  /** @param took_s its seconds; nothing for the first, which makes what all share. */
  const report = async (cell: Cell, outcome: Outcome, took_s?: number) => {
    if (outcome.ok) {
      const [kept] = await experimentsNamed(cell.name);
      if (kept === undefined)
        throw new StageError(`${cell.name}: DVC has run it, and kept no experiment.`, {
          hint: `What DVC said: ${outcome.log}. \`git fsck\` tells whether the repository is whole.`,
        });
      const done = await readFinished(cell, kept.commit);
      finished.push(done);
      const { val_accuracy, val_loss } = done.result;
      const computed = took_s !== undefined && (await wasComputed(outcome.log));
      progress.ended(`${cell.name}: val_accuracy ${val_accuracy}, val_loss ${val_loss}`, computed ? took_s : undefined);
    } else if (signal.aborted) {
      return;
    } else {
      failed.push({ cell, ...outcome });
      progress.ended(`${cell.name}: failed: ${outcome.reason}`);
    }
  };
  if (clones) {
    await clones.run(queue, options.set, how, report);
    progress.end();
    return { finished, failed };
  }
  const runOne = async (cell: Cell, first = false) => {
    if (signal.aborted) return;
    await removeExperiments(await experimentsNamed(cell.name));
    const began = performance.now();
    const outcome = await runCell(cell, options.set, how);
    await report(cell, outcome, first ? undefined : (performance.now() - began) / 1000);
  };
  await runOne(queue.shift() as Cell, true);
  const work = async () => {
    for (let cell = queue.shift(); cell; cell = queue.shift()) await runOne(cell);
  };
  await Promise.all(Array.from({ length: jobs }, work));
  progress.end();
  return { finished, failed };
}

/** The commit of the experiment that has done a cell already, if one has. */
async function findDone(cell: Cell, present: Present): Promise<string | undefined> {
  const params = loadParams(paramsPlace(present.pipeline), settingsOf(cell));
  for (const { commit } of await experimentsNamed(cell.name))
    if (await isUpToDate(commit, params, present)) return commit;
  return undefined;
}

/** Experiments that run elsewhere, or in clones on this machine, come back through a git remote. */
async function openClones(jobs: number | undefined): Promise<Clones | undefined> {
  const { runner, gitRemote } = options;
  if (runner === "local" && gitRemote === undefined) return undefined;
  const { POISON_RUNNER_ARGS, ...env } = process.env;
  const words = runner !== "local" && POISON_RUNNER_ARGS !== undefined && { POISON_RUNNER_ARGS };
  const settings = runnerSettings({ ...env, ...words, POISON_RUNNER: runner });
  return Clones.open(gitRemote ?? "origin", { ...settings, tasks: jobs ?? settings.tasks });
}

function chooseJobs(jobs = 1): number {
  if (!Number.isInteger(jobs) || jobs < 1)
    throw new StageError(`--jobs ${jobs}: must be a whole number, at least 1.`, {
      hint: "Write for example --jobs 2.",
    });
  if (gpuWanted() && jobs > 1) {
    warn("sweep: one GPU: the experiments take turns (--jobs 1).");
    return 1;
  }
  return jobs;
}

/** Terminals that cannot show ± get +-. */
function plusMinus(): string {
  const locale = process.env.LC_ALL || process.env.LC_CTYPE || process.env.LANG || "";
  return process.platform === "win32" || /utf-?8/i.test(locale) ? "±" : "+-";
}
