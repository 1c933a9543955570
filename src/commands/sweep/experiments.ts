import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { isDeepStrictEqual, promisify } from "node:util";
import { parse } from "yaml";
import { root } from "../../../scripts/setup/paths.mjs";
import { isCode, parseLock } from "../../dvc/lock.ts";
import { StageError } from "../../runtime/errors.ts";
import type { Params } from "../../stage/params.ts";

const execute = promisify(execFile);

/** Runs git in the project. @returns what it prints, or undefined when it fails. */
export async function git(...args: string[]): Promise<string | undefined> {
  const done = await execute("git", args, { cwd: root, maxBuffer: 2 ** 28 }).catch(() => undefined);
  return done?.stdout;
}

/** The commits of DVC's experiments by name, those of the present commit last, as DVC itself resolves a name. */
export async function listExperiments(): Promise<Map<string, string[]>> {
  const head = (await git("rev-parse", "HEAD"))?.trim() ?? "";
  const refs = (await git("for-each-ref", "refs/exps", "--format=%(refname) %(objectname)")) ?? "";
  // refs/exps/<2 digits of the base line>/<the rest>/<name>
  const found = [...refs.matchAll(/^refs\/exps\/(\w{2})\/(\w{38})\/(\S+) (\w+)$/gm)].map(
    ([, start, rest, name, commit]) => ({
      here: `${start}${rest}` === head,
      name: name as string,
      commit: commit as string,
    }),
  );
  const commits = new Map<string, string[]>();
  for (const { name, commit } of found.sort((a, b) => Number(a.here) - Number(b.here)))
    commits.set(name, [...(commits.get(name) ?? []), commit]);
  return commits;
}

/** A file as an experiment left it. @throws StageError when it has none. */
export async function fileAt(commit: string, file: string): Promise<string> {
  const text = await git("show", `${commit}:${file}`);
  if (text === undefined)
    throw new StageError(`${file}: not in commit ${commit}.`, { hint: "Run the sweep with --force." });
  return text;
}

/** The pipeline as it is in the working tree: what an experiment must have run to count as done. */
export interface Pipeline {
  stages: Record<string, { cmd: string; code: Map<string, string> }>;
}

/** Reads dvc.yaml and takes the MD5 of each stage's code, as DVC does. */
export function readPipeline(): Pipeline {
  const { stages } = parse(readFileSync("dvc.yaml", "utf8")) as {
    stages: Record<string, { cmd: string; deps: string[] }>;
  };
  const md5 = (file: string) => createHash("md5").update(readFileSync(file)).digest("hex");
  const code = (deps: string[]) => new Map(deps.filter(isCode).map((dep) => [dep, md5(dep)]));
  return {
    stages: Object.fromEntries(
      Object.entries(stages).map(([name, { cmd, deps }]) => [name, { cmd, code: code(deps) }]),
    ),
  };
}

/** Whether an experiment has run this pipeline, with this code, on these parameters. */
export async function isUpToDate(commit: string, params: Params, pipeline: Pipeline): Promise<boolean> {
  const [paramsText, lockText] = await Promise.all([
    git("show", `${commit}:params.yaml`),
    git("show", `${commit}:dvc.lock`),
  ]);
  if (paramsText === undefined || lockText === undefined) return false;
  if (!isDeepStrictEqual(parse(paramsText), params)) return false;
  const lock = parseLock(lockText);
  return Object.entries(pipeline.stages).every(([name, { cmd, code }]) => {
    const locked = lock[name];
    const digests = new Map(locked?.deps.map((dep) => [dep.path, dep.md5]));
    return locked?.cmd === cmd && [...code].every(([path, digest]) => digests.get(path) === digest);
  });
}
