import { rmSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname } from "node:path";
import { performance } from "node:perf_hooks";
import { endWith, say } from "../runtime/say.ts";
import { type FlagSpec, type PathSpec, readFlags } from "./flags.ts";
import { type Leaf, loadParams, type Params, type PickLeaves, pickLeaves } from "./params.ts";
import { checkPackages } from "./stages-lock.ts";

export { input, output } from "./flags.ts";

/** What a stage program is made of. `run` reads its inputs, makes one pure call and writes its outputs. */
export interface Stage<K extends Leaf, P extends string, F extends string> {
  /** One sentence, shown by `--help`. */
  describe: string;
  /** The values of params.yaml it depends on, leaf by leaf: exactly what dvc.yaml lists. It is given no other. */
  params: readonly K[];
  paths: Record<P, PathSpec>;
  /** Further flags that only a person gives, never dvc.yaml: they write nothing that DVC tracks. */
  flags?: Record<F, FlagSpec>;
  run(context: {
    params: PickLeaves<K>;
    paths: Record<P, string>;
    flags: Partial<Record<F, string>>;
    invocation: Invocation;
  }): Promise<void>;
}

/** This call of a stage, for whoever keeps a record of it. */
export interface Invocation {
  /** The stage's name. */
  stage: string;
  /** All of params.yaml, `-S` applied: for the record only, a stage computes with the keys it declares. */
  params: Params;
  /** `hook` is called if the stage ends before its time: by an error, or by a signal, and then it has three seconds. */
  onAbort(hook: (ending: "failed" | "killed") => Promise<void>): void;
}

/** Milliseconds that a signal leaves to the hooks. */
const ABORT_MS = 3000;

/**
 * Runs a stage program: reads flags and params.yaml, calls `run`, and puts its outputs in place only when it has ended well.
 * An error the user can mend is printed with its remedy and sets exit code 1; whatever happens, no half-written output stays.
 */
export async function runStage<const K extends Leaf, P extends string, F extends string = never>(
  stage: Stage<K, P, F>,
): Promise<void> {
  const started = performance.now();
  const name = basename(process.argv[1] as string, ".ts");
  const unfinished: string[] = [];
  const discard = () => {
    for (const path of unfinished) remove(path);
  };
  const hooks: ((ending: "failed" | "killed") => Promise<void>)[] = [];
  let killed = false;
  for (const [signal, code] of [
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const) {
    process.once(signal, async () => {
      killed = true;
      discard();
      const hooked = Promise.allSettled(hooks.map((hook) => hook("killed")));
      await Promise.race([hooked, new Promise((resolve) => setTimeout(resolve, ABORT_MS))]);
      discard(); // the stage went on meanwhile
      process.exit(code);
    });
  }
  try {
    const flags = readFlags(name, stage);
    const params = loadParams("params.yaml", flags.set);
    checkPackages(name);
    const paths = {} as Record<P, string>;
    const outputs: string[] = [];
    for (const [key, { kind, live }] of Object.entries<PathSpec>(stage.paths)) {
      const path = flags.values[key] as string;
      paths[key as P] = kind === "input" || live ? path : `${path}.partial`;
      if (kind === "input") continue;
      unfinished.push(paths[key as P]);
      if (!live) outputs.push(path);
    }
    discard();
    for (const path of unfinished) await mkdir(dirname(path), { recursive: true });
    await stage.run({
      params: pickLeaves(params, stage.params),
      paths,
      flags: flags.values as Partial<Record<F, string>>,
      invocation: { stage: name, params, onAbort: (hook) => hooks.push(hook) },
    });
    if (killed) return;
    for (const path of outputs) {
      await rm(path, { recursive: true, force: true });
      await rename(`${path}.partial`, path);
    }
    say(`${name}: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } catch (thrown) {
    if (killed) return; // of what was taken from under it
    discard();
    await Promise.allSettled(hooks.map((hook) => hook("failed")));
    endWith(thrown, name);
  }
}

/** Removes a file or folder that other threads may still be writing into: tried again when a file was added meanwhile. */
function remove(path: string, attempts = 10): void {
  try {
    rmSync(path, { recursive: true, force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOTEMPTY" || attempts === 1) throw error;
    remove(path, attempts - 1);
  }
}
