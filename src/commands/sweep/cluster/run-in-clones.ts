import { rmSync } from "node:fs";
import { join } from "node:path";
import { callDvc } from "../../../dvc/run-dvc.ts";
import { runners, settle } from "../../../runners/runners.ts";
import type { RunnerSettings } from "../../../runners/settings.ts";
import { StageError } from "../../../runtime/errors.ts";
import { warn } from "../../../runtime/say.ts";
import { experimentsNamed } from "../experiments.ts";
import type { Cell } from "../grid.ts";
import { logOf, type Outcome, removeExperiments, runArgs } from "../run-experiment.ts";
import { endOf, type Order, readEnd } from "./order.ts";
import { experimentsThere, readSharedPlaces, refOf, type SharedPlaces } from "./shared-places.ts";

/** How often what is missing is handed out: a worker may be killed, a machine may fail. */
const ROUNDS = 3;
/** Milliseconds between two looks at what has ended. */
const POLL_MS = 1000;
/** Where experiments are cloned, and say how they ended. */
const FOLDER = join(".dvc", "tmp", "sweep", "cluster");

/** What is told of an experiment as soon as it has ended. */
type Report = (cell: Cell, outcome: Outcome) => Promise<void>;

/** Runs experiments in clones, wherever an engine has it done, and brings them here. */
export class Clones {
  private readonly places: SharedPlaces;
  private readonly runner: RunnerSettings;

  private constructor(places: SharedPlaces, runner: RunnerSettings) {
    this.places = places;
    this.runner = runner;
  }

  /** @throws StageError as {@link readSharedPlaces}. */
  static async open(gitRemote: string, runner: RunnerSettings): Promise<Clones> {
    return new Clones(await readSharedPlaces(gitRemote), runner);
  }

  /**
   * Brings experiments that an earlier sweep has pushed, and was ended before it brought them.
   * @throws StageError when the git remote does not answer.
   */
  async fetchFinished(cells: readonly Cell[]): Promise<void> {
    const there = await experimentsThere(this.places);
    const missing: string[] = [];
    for (const { name } of cells) {
      const ref = refOf(this.places, name);
      const here = (await experimentsNamed(name)).some((experiment) => experiment.ref === ref);
      if (there.has(ref) && !here) missing.push(ref);
    }
    await this.pull(missing);
  }

  /** Runs experiments: the first alone, so that what all share is made once. @param report is called for each, once it is here or has failed. */
  async run(
    cells: readonly Cell[],
    settings: readonly string[],
    options: { place: string; force: boolean; signal: AbortSignal },
    report: Report,
  ): Promise<void> {
    const orders = cells.map((cell) => ({ cell, order: this.order(cell, settings, options) }));
    if (options.force) for (const { order } of orders) rmSync(endOf(order), { force: true });
    await settle(this.runner.runner, FOLDER);
    await this.forgetUnpushed(orders.map(({ order }) => order));
    const reported = new Set<Cell>();
    for (const part of [orders.slice(0, 1), orders.slice(1)])
      for (let round = 1; round <= ROUNDS && !options.signal.aborted; round++) {
        const open = part.filter(({ cell }) => !reported.has(cell));
        if (open.length === 0) break;
        if (round > 1) warn(`sweep: ${open.length} experiments have not ended: round ${round}`);
        await this.handOut(open, { reported, report, signal: options.signal });
      }
    if (options.signal.aborted) return;
    for (const { cell } of orders.filter(({ cell }) => !reported.has(cell)))
      await report(cell, { ok: false, reason: `has not ended in ${ROUNDS} rounds`, log: logOf(cell) });
    rmSync(FOLDER, { recursive: true, force: true });
  }

  private order(cell: Cell, settings: readonly string[], options: { place: string; force: boolean }): Order {
    const args = runArgs(cell, settings, options);
    return { name: cell.name, args, log: join(process.cwd(), logOf(cell)), folder: FOLDER, places: this.places };
  }

  /** How an experiment ended holds only while the git remote has it. */
  private async forgetUnpushed(orders: readonly Order[]): Promise<void> {
    const there = await experimentsThere(this.places);
    for (const order of orders) {
      const end = readEnd(order);
      if (!end?.ok || there.get(end.ref) !== end.commit) rmSync(endOf(order), { force: true });
    }
  }

  private async handOut(
    open: readonly { cell: Cell; order: Order }[],
    { reported, report, signal }: { reported: Set<Cell>; report: Report; signal: AbortSignal },
  ): Promise<void> {
    const look = async () => {
      const ended = open.flatMap(({ cell, order }) => {
        const end = reported.has(cell) ? undefined : readEnd(order);
        return end ? [{ cell, end }] : [];
      });
      await this.pull(ended.flatMap(({ end }) => (end.ok ? [end.ref] : [])));
      for (const { cell, end } of ended) {
        reported.add(cell);
        const log = logOf(cell);
        await report(cell, end.ok ? { ok: true, log } : { ok: false, reason: end.reason, log });
      }
    };
    const { runner, ...settings } = this.runner;
    const tasks = open.map(({ order }) => order);
    let over = false;
    const round = { name: "sweep", program: "sweep-experiment", tasks, folder: FOLDER, signal };
    const work = runners[runner](round, settings);
    const watch = async () => {
      for (; !over; await new Promise((resolve) => setTimeout(resolve, POLL_MS))) await look();
    };
    await Promise.all([
      watch(),
      work.finally(() => {
        over = true;
      }),
    ]);
    await look();
  }

  /** Brings experiments and their data. @throws StageError when DVC cannot. */
  private async pull(refs: readonly string[]): Promise<void> {
    if (refs.length === 0) return;
    const { gitRemote } = this.places;
    const { code, stderr } = await callDvc(["exp", "pull", "--force", gitRemote, ...refs]);
    if (code !== 0)
      throw new StageError(`dvc exp pull ended with ${code}: ${stderr.trim().split("\n").at(-1)}`, {
        hint: `What has been run is at ${gitRemote}: start the same command again.`,
      });
    for (const ref of refs) {
      const name = ref.split("/").at(-1) as string;
      const others = (await experimentsNamed(name)).filter((experiment) => experiment.ref !== ref);
      await removeExperiments(others); // of its name, on other commits: as where it is run here
    }
  }
}
