import { existsSync, lstatSync, mkdirSync, realpathSync, renameSync } from "node:fs";
import { basename, join, parse, relative } from "node:path";
import { performance } from "node:perf_hooks";
import { refuseLostCopy } from "../dvc/experiment-copy.ts";
import { remove, scratchesOf } from "../runtime/atomic-write.ts";
import { endingSignals, exitCodeOf } from "../runtime/ending-signals.mjs";
import { StageError } from "../runtime/errors.ts";
import { home } from "../runtime/installation.mjs";
import { outliveOutput } from "../runtime/lost-output.mjs";
import { endWith, endWithUncaught, say } from "../runtime/say.ts";
import { type FlagSpec, type PathSpec, readFlags } from "./flags.ts";
import { lockOutputs } from "./output-locks.ts";
import { isOwn, loadOwnParams, type OwnParams, type OwnSchemas } from "./own-params.ts";
import { type Leaf, loadParams, type Params, type PickLeaves, pickLeaves } from "./params.ts";
import { checkPackages } from "./stages-lock.ts";

export { input, output } from "./flags.ts";

/**
 * What a stage program is made of. `run` reads its inputs, makes one pure call and writes its outputs: `params` are nested as in
 * params.yaml, `own` has the keys that were declared, `paths` and `flags` theirs.
 */
export interface Stage<
  K extends Leaf,
  P extends string,
  F extends string,
  O extends OwnSchemas = Record<never, never>,
> {
  /** One sentence, shown by `--help`. */
  describe: string;
  /** The values of params.yaml it depends on, leaf by leaf: exactly what dvc.yaml lists. It is given no other. */
  params: readonly K[];
  /**
   * Parameters of a project's own, each by its key with dots from the top of the file, with its schema (zod, or whatever else implements
   * Standard Schema): `"clean.agreement": z.number()`, or a whole section, `model: z.strictObject({ … })`. dvc.yaml lists them as any.
   */
  own?: O;
  /** Each by the name of its flag in dvc.yaml's `cmd`: `labels` is `--labels PATH`. */
  paths: Record<P, PathSpec>;
  /** Further flags that only a person gives, never dvc.yaml: they write nothing that DVC tracks. */
  flags?: Record<F, FlagSpec>;
  run(context: {
    params: PickLeaves<K>;
    own: OwnParams<O>;
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
 *
 * The stage is called what the program's file is called, `stages/clean.mjs` is `clean`: the paths that dvc.yaml gives to the stage of this
 * name are the defaults of its flags. A project's own stage has a name that none of this package's stages has. Beside its own parameters
 * the file must hold what the stages in dvc.yaml declare; a name of ours at its top (`data`, `image`, `train` …) that means something else
 * there makes ours stand in a section, `--params params.yaml:SECTION` in `cmd`.
 */
export async function runStage<
  const K extends Leaf,
  P extends string,
  F extends string = never,
  O extends OwnSchemas = Record<never, never>,
>(stage: Stage<K, P, F, O>): Promise<void> {
  const started = performance.now();
  const program = process.argv[1] as string;
  const { name } = parse(program);
  const isOurs = liesInPackage(program);
  const unfinished: string[] = [];
  const discard = () => {
    for (const path of unfinished)
      try {
        remove(path);
      } catch {} // what went wrong before is what is said
  };
  const hooks: ((ending: "failed" | "killed") => Promise<void>)[] = [];
  let killed = false;
  outliveOutput();
  process.once("exit", discard); // also of an error that nobody has caught
  for (const signal of endingSignals) {
    process.on(signal, async () => {
      if (killed) return; // it ends already
      killed = true;
      discard();
      const hooked = Promise.allSettled(hooks.map((hook) => hook("killed")));
      await Promise.race([hooked, new Promise((resolve) => setTimeout(resolve, ABORT_MS))]);
      process.exit(exitCodeOf(signal)); // and discards what the stage has written meanwhile
    });
  }
  const tidyUp = async () => {
    discard();
    await Promise.allSettled(hooks.map((hook) => hook("failed")));
  };
  endWithUncaught(name, tidyUp);
  try {
    const schemas = stage.own ?? ({} as O);
    const call = isOurs ? `node dvc-poison.mjs ${name}` : `node ${relative(".", program)}`;
    const flags = readFlags(name, call, { ...stage, params: [...stage.params, ...Object.keys(schemas)] });
    const [theirs, ours] = partition(flags.set, (setting) => isOwn(setting, Object.keys(schemas)));
    const params = isOurs
      ? loadParams(flags.params, ours, flags.declared && [...flags.declared, ...stage.params])
      : loadParams(flags.params, ours, stage.params, { others: "pass" });
    const own = await loadOwnParams(schemas, flags.params, theirs);
    if (isOurs) checkPackages(name);
    const paths = {} as Record<P, string>;
    const outputs = Object.entries<PathSpec>(stage.paths).filter(([, { kind }]) => kind === "output");
    await refuseLostCopy();
    const pathOf = (key: string) => flags.values[key] as string;
    await lockOutputs(
      name,
      outputs.map(([key]) => pathOf(key)),
    );
    for (const [key, { kind, live }] of Object.entries<PathSpec>(stage.paths)) {
      const path = pathOf(key);
      const isWhole = kind === "input" || live;
      paths[key as P] = isWhole ? path : join(scratchOf(path), basename(path));
      if (kind === "output") unfinished.push(scratchOf(path), ...(live ? [path] : []));
    }
    for (const path of unfinished) remove(path);
    for (const [key] of outputs) for (const path of scratchesOf(pathOf(key))) remove(path); // of one that was killed
    const whole = outputs.filter(([, { live }]) => !live).map(([key]) => pathOf(key));
    for (const path of whole) mkdirSync(scratchOf(path));
    await stage.run({
      params: pickLeaves(params, stage.params),
      own,
      paths,
      flags: flags.values as Partial<Record<F, string>>,
      invocation: { stage: name, params, onAbort: (hook) => hooks.push(hook) },
    });
    if (killed) return;
    for (const path of whole)
      if (!existsSync(join(scratchOf(path), basename(path))))
        throw new StageError(`${path}: the stage has not written it.`, {
          hint: "Write it to the path that `run` gets.",
        });
    // Without a pause, in which a signal could be heard. What was there is put aside first: to remove it may take long.
    for (const path of whole) {
      const former = join(scratchOf(path), `${basename(path)}.former`);
      if (lstatSync(path, { throwIfNoEntry: false })) renameSync(path, former);
      renameSync(join(scratchOf(path), basename(path)), path);
    }
    unfinished.length = 0;
    for (const path of whole) remove(scratchOf(path));
    say(`${name}: done in ${((performance.now() - started) / 1000).toFixed(1)} s`);
  } catch (thrown) {
    if (killed) return; // of what was taken from under it
    await tidyUp();
    endWith(thrown, name);
  }
}

const partition = (texts: readonly string[], first: (text: string) => boolean): [string[], string[]] => [
  texts.filter(first),
  texts.filter((text) => !first(text)),
];

/** Whether a program is one of this package's, and no other project's: compiled, it is called as if it lay at the package's top. */
const liesInPackage = (program: string): boolean => {
  const inside = (folder: string, file: string) => !relative(folder, file).startsWith("..");
  return inside(home, program) || (existsSync(program) && inside(realpathSync(home), realpathSync(program)));
};

/** The folder in which an output lies until it is whole. */
const scratchOf = (path: string): string => `${path}.partial`;
