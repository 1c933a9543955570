import { posix } from "node:path";
import { stringify } from "yaml";
import { flagsInCommand } from "../../dvc/paths.ts";
import { StageError } from "../../runtime/errors.ts";
import { parseYaml } from "../../runtime/yaml.ts";
import { isMapping } from "../../stage/override.ts";
import { insertYaml, replaceYaml } from "./insert-yaml.ts";
import { isOurCommand, type OurPipeline, type Output, outputsOf, type StageText } from "./our-stages.ts";

const STYLE = { lineWidth: 0, indentSeq: false } as const;

/** A dvc.yaml with our stages in it, and what was done. */
export interface Wired {
  text: string;
  done: string[];
}

/**
 * Writes our stages and the artifact into the text of a dvc.yaml, at the end of each. A stage of ours that is there already
 * keeps what somebody has made of it, and gets what it lacks.
 * @param file what messages call it.
 * @throws StageError for a stage of one of our names that is not ours, and for outputs that another stage has.
 */
export function wire(text: string, { stages, artifacts }: OurPipeline, file: string): Wired {
  const before = contentOf(text, file);
  const done: string[] = [];
  let result = text;
  const add = (path: readonly string[], value: unknown, what?: string) => {
    result = insertYaml(result, { path, block: stringify(value, STYLE) }, file);
    if (what) done.push(what);
  };
  refuseTaken(before.stages, stages, file);
  for (const [name, stage] of Object.entries(stages)) {
    const there = before.stages[name];
    if (there === undefined) {
      add(["stages"], { [name]: stage }, `stage ${name}`);
      continue;
    }
    const flags = lackingFlags(there.cmd, stage.cmd);
    if (flags !== "") {
      if (/[\n;&|<>]/.test(there.cmd.trim()))
        throw new StageError(`${file}: stages.${name}.cmd lacks${flags}, and does more than to call ours.`, {
          hint: `Add it behind our flags: ${flags.trim()}`,
        });
      result = replaceYaml(result, ["stages", name, "cmd"], there.cmd.trimEnd() + flags, file);
      done.push(`stage ${name}:${flags}`);
    }
    for (const { path, value, what } of lacking(there, stage))
      add(["stages", name, ...path], value, `stage ${name}: ${what}`);
  }
  for (const [name, artifact] of Object.entries(artifacts))
    if (before.artifacts[name] === undefined) add(["artifacts"], { [name]: artifact }, `artifact ${name}`);
  return { text: result, done };
}

/** A dvc.yaml as far as it concerns us. */
interface Content {
  stages: Record<string, StageText>;
  artifacts: Record<string, unknown>;
}

/** @throws StageError for a file that is no YAML, or not what DVC takes. */
export function contentOf(text: string, file: string): Content {
  const { value, lineOf } = parseYaml(text, file);
  const refuse = (path: readonly string[], what: string) =>
    new StageError(`${file}:${lineOf(path) ?? 1}: ${path.join(".") || "its content"} is no ${what}.`, {
      hint: `Edit ${file} there; \`dvc dag\` says more.`,
    });
  const mapping = (path: readonly string[], found: unknown) => {
    if (!isMapping(found ?? {})) throw refuse(path, "mapping");
    return (found ?? {}) as Record<string, unknown>;
  };
  const content = mapping([], value);
  const stages = mapping(["stages"], content.stages);
  for (const [name, stage] of Object.entries(stages)) {
    if (!isMapping(stage)) throw refuse(["stages", name], "mapping");
    for (const key of LISTS) if (!Array.isArray(stage[key] ?? [])) throw refuse(["stages", name, key], "list");
  }
  return {
    stages: stages as object as Content["stages"],
    artifacts: mapping(["artifacts"], content.artifacts),
  };
}

/** What a stage has lists of. */
const LISTS = ["deps", "params", "outs", "metrics", "plots"];

/** @throws StageError where a name or an output belongs to a stage of the project's own. */
function refuseTaken(theirs: Content["stages"], ours: OurPipeline["stages"], file: string): void {
  for (const name of Object.keys(ours)) {
    const there = theirs[name];
    if (there === undefined || isOurCommand(there.cmd, name)) continue;
    throw new StageError(`${file}: there is a stage "${name}" already, which is not dvc-poison's.`, {
      hint: "Give ours a folder of their own: --dir poison. Or leave it out: --stages.",
    });
  }
  const others = Object.entries(theirs).filter(([name]) => !(name in ours));
  for (const [name, stage] of Object.entries(ours)) {
    if (theirs[name] !== undefined) continue;
    for (const path of outputsOf(stage))
      for (const [other, there] of others) {
        const taken = writtenBy(there).find((theirPath) => overlap(path, theirPath));
        if (taken === undefined) continue;
        throw new StageError(`${file}: our stage "${name}" writes ${path}, but "${other}" writes ${taken}.`, {
          hint: "Give ours a folder of their own: --dir poison.",
        });
      }
  }
}

/** The paths that any stage of a dvc.yaml writes, from its folder: those of a `foreach` too, and of what it takes over by `<<`. */
function writtenBy(stage: object): string[] {
  const { wdir, do: each, "<<": merged } = stage as Record<string, unknown>;
  const own = outputsOf(stage as StageText).map((path) => posix.join(typeof wdir === "string" ? wdir : "", path));
  return [...own, ...[each, merged].flat().filter(isMapping).flatMap(writtenBy)];
}

/** Whether two paths are the same, or one lies in the other. */
export const overlap = (a: string, b: string): boolean =>
  a === b || a.startsWith(`${b.replace(/\/$/, "")}/`) || b.startsWith(`${a.replace(/\/$/, "")}/`);

/** What a stage of ours lacks: parameters, dependencies and outputs, none of which is taken away. */
function lacking(there: StageText, now: StageText): { path: string[]; value: unknown; what: string }[] {
  const key = (entry: unknown) => (typeof entry === "string" ? entry : JSON.stringify(entry));
  const missing = <T>(have: readonly T[] | undefined, want: readonly T[] | undefined) => {
    const known = new Set((have ?? []).map(key));
    return (want ?? []).filter((entry) => !known.has(key(entry)));
  };
  const params = missing(flat(there.params), flat(now.params)).map(unflat);
  const moved = movedPaths(there.cmd, now.cmd);
  const stays = (path: string) => !moved.some((from) => overlap(path, from));
  const lists = {
    deps: missing(there.deps, now.deps).filter(stays),
    params,
    outs: newPaths(there, now, "outs").filter((output) => stays(pathOf(output))),
    metrics: newPaths(there, now, "metrics").filter((output) => stays(pathOf(output))),
    plots: newPaths(there, now, "plots").filter((output) => stays(pathOf(output))),
  };
  return Object.entries(lists)
    .filter(([, list]) => list.length > 0)
    .map(([path, list]) => ({ path: [path], value: list, what: list.map((entry) => shown(entry)).join(", ") }));
}

/** Paths of our command in whose place one in the project has others: the stage neither reads nor writes ours. */
function movedPaths(there: string, now: string): string[] {
  const theirs = flagsInCommand(there);
  return Object.entries(flagsInCommand(now))
    .filter(([flag, path]) => Object.hasOwn(theirs, flag) && theirs[flag] !== path)
    .map(([, path]) => path);
}

/** Flags of our command that one in the project has not, as they are appended. */
function lackingFlags(there: string, now: string): string {
  const known = flagsInCommand(there);
  const lacking = Object.entries(flagsInCommand(now)).filter(([flag]) => !Object.hasOwn(known, flag));
  return lacking.map(([flag, value]) => ` --${flag} ${value}`).join("");
}

/** Parameters one by one, with the file before those that are not of params.yaml. */
const flat = (params: StageText["params"] = []): string[] =>
  params.flatMap((entry) =>
    typeof entry === "string"
      ? [entry]
      : Object.entries(entry).flatMap(([file, keys]) => (keys ?? []).map((name) => `${file}:${name}`)),
  );

function unflat(text: string): string | Record<string, string[]> {
  const [, file, name] = /^([^:]+\.(?:ya?ml|json)):(.+)$/.exec(text) ?? [];
  return file === undefined ? text : { [file]: [name as string] };
}

function newPaths(there: StageText, now: StageText, kind: "outs" | "metrics" | "plots"): Output[] {
  const known = new Set(outputsOf(there));
  return (now[kind] ?? []).filter((output) => !known.has(pathOf(output)));
}

const pathOf = (output: Output): string => outputsOf({ cmd: "", outs: [output] })[0] as string;

const shown = (entry: unknown): string => (typeof entry === "string" ? entry : JSON.stringify(entry));
