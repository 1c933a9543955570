import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { Random } from "../../src/numbers/random.ts";
import { endingSignals, exitCodeOf } from "../../src/runtime/ending-signals.mjs";
import {
  digestOf,
  type Ended,
  filesIn,
  groupEnded,
  OUTPUT_FOLDERS,
  Snapshot,
  send,
  startVictim,
  type Victim,
} from "../support/disturbed-runs.ts";
import { createProject, type Project, setParams } from "../support/project.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/*
 * Kills at moments drawn by a seed, over all that runs the pipeline: `npm run test:matrix -- kills`. POISON_KILLS says how many,
 * POISON_KILLS_SEED which, POISON_KILLS_FIRST (a number of a message) where to begin. A kill that ends a run early must leave the outputs of before or the new ones, whole, and nothing else; the
 * same command, called again, must give the bytes of an undisturbed run.
 */
const KILLS = Number(process.env.POISON_KILLS ?? 200);
const SEED = Number(process.env.POISON_KILLS_SEED ?? 1);
const FIRST = Number(process.env.POISON_KILLS_FIRST ?? 0);

/** Of ten kills, so many are of stages; the others are of `dvc repro`, and every twentieth one of a sweep. */
const OF_STAGES = 7;
const SWEEP_EVERY = 20;

const SIGNALS = [...endingSignals, "SIGKILL"] as const;

const STAGES: readonly Victim[] = [
  { name: "restore", outputs: ["data/images"] },
  { name: "poison", outputs: ["data/labels.csv", "metrics/labels.json"] },
  { name: "extract-bottleneck", outputs: ["data/bottleneck"] },
  {
    name: "train-top",
    outputs: [
      ...["data/model", "metrics/train.json", "metrics/validation.json", "metrics/memorization.json"],
      ...["plots/history.json", "plots/predictions.json", "plots/figures"],
    ],
  },
  {
    name: "plot",
    outputs: ["plots/training.png", "plots/training.jpg", "plots/poisoned-images.jpg", "plots/wrong-predictions.jpg"],
  },
].map((stage) => ({ ...stage, command: [process.execPath, "dvc-poison.mjs", stage.name] }));

const OUTPUTS = STAGES.flatMap(({ outputs }) => outputs);
/** It grows while training runs, so that of an interrupted one nothing is kept. */
const LIVE = "plots/history.json";

const DVC: Victim = { name: "dvc repro", command: ["dvc", "repro", "--no-run-cache"], outputs: OUTPUTS };
const SWEEP: Victim = {
  name: "sweep",
  command: [process.execPath, "dvc-poison.mjs", "sweep-program", "--levels", "0,50", "--force"],
  outputs: ["metrics/sweep.json"],
};

/** Two experiments of which no output is equal. */
const SETTINGS = [
  ["poison=25", "seed=1", "data.train_per_class=12", "image.size=32", "train.epochs=2"],
  ["poison=50", "seed=2", "data.train_per_class=10", "image.size=48", "train.epochs=3"],
] as const;

/** What a person must never see. */
const STACK = /^\s+at .+:\d+(:\d+)?\)?$|^Traceback |^node:internal|UnhandledPromise/m;

function victimOf(kill: number): Victim {
  if (kill % SWEEP_EVERY === SWEEP_EVERY - 1) return SWEEP;
  return kill % 10 < OF_STAGES ? (STAGES[kill % STAGES.length] as Victim) : DVC;
}

interface Kill {
  signal: (typeof SIGNALS)[number];
  /** Milliseconds after the start. */
  at: number;
  /** Milliseconds until the same signal comes again, if it does. */
  again: number | undefined;
  to: "process" | "group";
}

test(`${KILLS} kills of stages, dvc and sweeps, seed ${SEED}`, { timeout: 3_600_000 }, async (t) => {
  const world = await begin(t);
  const counts: Record<string, number> = {};
  for (let i = FIRST; i < FIRST + KILLS; i++) {
    const random = new Random(SEED, `kill ${i}`);
    const victim = victimOf(i);
    const kill: Kill = {
      signal: SIGNALS[random.integer(SIGNALS.length)] ?? "SIGKILL",
      at: random.float() * world.duration(victim) * 1.05,
      again: random.integer(3) === 0 ? random.float() * 50 : undefined,
      to: victim.command[0] !== "dvc" || random.integer(2) === 0 ? "group" : "process",
    };
    const drawn = random.integer(2) as 0 | 1;
    const target = victim === SWEEP ? 1 : drawn; // of which the undisturbed one was
    const early = random.integer(5) === 0;
    const what = `kill ${i} (seed ${SEED}): ${victim.name}, ${JSON.stringify(kill)}, to ${target}${early ? ", from nothing" : ""}`;
    try {
      const how = await round(world, victim, kill, target, early);
      const key = `${victim.name} ${kill.signal}: ${how}`;
      counts[key] = (counts[key] ?? 0) + 1;
    } catch (error) {
      throw new Error(`${what}: ${(error as Error).message}`, { cause: error });
    }
  }
  for (const key of Object.keys(counts).sort()) t.diagnostic(`${key}: ${counts[key]}`);
});

interface World {
  project: Project;
  /** What both experiments have written undisturbed. */
  whole: readonly [Snapshot, Snapshot];
  /** Of what an undisturbed sweep has written. */
  sweep: string | undefined;
  temporary: string;
  duration(victim: Victim): number;
}

async function begin(t: TestContext): Promise<World> {
  const project = createProject(t);
  symlinkSync(resolve(".venv"), join(project.folder, ".venv"));
  const temporary = join(project.folder, ".tmp");
  mkdirSync(temporary);
  writeFileSync(join(project.folder, ".git/info/exclude"), ".tmp\n.venv\n");
  project.env.TMPDIR = temporary;
  const took: Record<string, number> = {};
  const run = async (settings: readonly string[]) => {
    setParams(project, settings);
    for (const victim of [DVC, ...STAGES]) {
      const ended = await startVictim(project, victim).ended;
      assert.equal(ended.code, 0, ended.output);
      took[victim.name] = Math.max(took[victim.name] ?? 0, ended.took);
    }
    return new Snapshot(project, temporaryFolder(t));
  };
  const whole = [await run(SETTINGS[0]), await run(SETTINGS[1])] as const;
  for (const output of OUTPUTS) assert.notEqual(whole[0].digest(output), whole[1].digest(output), output);
  project.must("git", "add", "--all");
  project.must("git", "commit", "--quiet", "--message", "Run");
  const sweep = await startVictim(project, SWEEP).ended;
  assert.equal(sweep.code, 0, sweep.output);
  took.sweep = sweep.took;
  return {
    project,
    temporary,
    sweep: digestOf(join(project.folder, "metrics/sweep.json")),
    whole,
    duration: ({ name }) => took[name] ?? 0,
  };
}

/** @returns how the victim ended. */
async function round(world: World, victim: Victim, kill: Kill, target: 0 | 1, fromNothing: boolean): Promise<string> {
  const { project, whole, temporary } = world;
  const at = (output: string) => join(project.folder, output);
  const [goal, other] = target === 0 ? whole : [whole[1], whole[0]];
  setParams(project, SETTINGS[target]);
  if (victim === DVC) other.restore(project);
  else {
    goal.restore(project);
    for (const output of victim === SWEEP ? [] : victim.outputs)
      if (fromNothing) rmSync(at(output), { recursive: true, force: true });
      else other.lend(project, output);
  }
  const before = Object.fromEntries(OUTPUTS.map((output) => [output, digestOf(at(output))]));
  rmSync(temporary, { recursive: true, force: true });
  mkdirSync(temporary);

  const run = startVictim(project, victim);
  await Promise.race([sleep(kill.at), run.exited]);
  send(run.child, kill.signal, kill.to);
  if (kill.again !== undefined) {
    await Promise.race([sleep(kill.again), run.exited]);
    send(run.child, kill.signal, kill.to);
  }
  const orphans = victim === DVC && kill.to === "process";
  if (orphans) await run.exited;
  else {
    const ended = await run.ended;
    await groupEnded(run.child);
    checkEnding(ended, kill, victim);
    checkPlaces(project, temporary, kill, victim);
    if (victim === DVC) checkFiles(project, [goal, other]);
    else if (victim !== SWEEP) checkOutputs(project, { goal, before }, kill, victim);
  }

  const goesOn = victim.command.filter((arg) => arg !== "--force") as unknown as Victim["command"];
  const again = await startVictim(project, { ...victim, command: goesOn }).ended;
  assert.equal(again.code, 0, `called again:\n${again.output}`);
  assert.doesNotMatch(again.output, STACK);
  for (const output of victim.outputs)
    assert.equal(digestOf(at(output)), victim === SWEEP ? world.sweep : goal.digest(output), `called again: ${output}`);
  if (victim !== SWEEP) assert.deepEqual(outputFiles(project), outputFiles(goal));
  const ended = await run.ended;
  if (orphans) assert.doesNotMatch(ended.output, STACK);
  return `${how(ended)}${orphans ? ", alone" : ""}`;
}

const how = ({ code, signal }: Ended): string => (signal ? `by ${signal}` : `exit code ${code}`);

const outputFiles = ({ folder }: { folder: string }): string[] =>
  OUTPUT_FOLDERS.flatMap((each) => filesIn(join(folder, each)))
    .filter((file) => !file.endsWith(".gitignore"))
    .sort();

/** By the signal, as shells say it, or well; without a stack. */
function checkEnding({ code, signal, output }: Ended, kill: Kill, victim: Victim): void {
  if (victim !== DVC) {
    assert.ok(
      code === 0 || signal === kill.signal || code === exitCodeOf(kill.signal),
      `ended with ${code ?? signal}:\n${output}`,
    );
    assert.doesNotMatch(output, STACK);
  }
}

/** Nothing half-written lies where outputs do, nor where temporary files do; a process that was killed outright could not tidy up. */
function checkPlaces({ folder }: Project, temporary: string, { signal }: Kill, victim: Victim): void {
  if (signal === "SIGKILL") return;
  for (const each of OUTPUT_FOLDERS)
    for (const name of readdirSync(join(folder, each), { recursive: true, encoding: "utf8" }))
      assert.doesNotMatch(name, /\.partial|\.work/);
  if (victim !== DVC && victim !== SWEEP) assert.deepEqual(filesIn(temporary), []);
}

/** Each output of a stage is as it was before or new; after a signal that can be heard, all are of one kind. */
function checkOutputs(
  { folder }: Project,
  { goal, before }: { goal: Snapshot; before: Record<string, string | undefined> },
  { signal }: Kill,
  victim: Victim,
): void {
  const kinds = victim.outputs.flatMap((output) => {
    const found = digestOf(join(folder, output));
    const kind = found === goal.digest(output) ? "new" : found === before[output] ? "as before" : "gone";
    if (output === LIVE && (signal === "SIGKILL" || found === undefined)) return []; // it may hold some epochs
    if (kind === "gone") assert.fail(`${output} is ${found ? "neither as it was before nor the new one" : "gone"}`);
    return kind;
  });
  if (signal !== "SIGKILL") assert.ok(new Set(kinds).size <= 1, `outputs are of two runs: ${kinds.join(", ")}`);
}

/** DVC removes a stage's outputs before it runs, file by file: of what is left each file is one of before or a new one, whole. */
function checkFiles({ folder }: Project, runs: readonly Snapshot[]): void {
  for (const output of OUTPUTS.filter((each) => each !== LIVE)) {
    const path = join(folder, output);
    const files = existsSync(path) ? (statSync(path).isDirectory() ? filesIn(path) : [""]) : [];
    for (const file of files) {
      const found = digestOf(join(path, file));
      assert.ok(
        runs.some((run) => run.digest(join(output, file)) === found),
        `${join(output, file)} is neither as it was before nor the new one`,
      );
    }
  }
}
