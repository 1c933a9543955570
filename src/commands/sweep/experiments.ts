import { isDeepStrictEqual } from "node:util";
import { type CodeDigests, currentCode, lockedCode } from "../../dvc/code-version.ts";
import { gitFile } from "../../dvc/git.ts";
import { parseLock } from "../../dvc/lock.ts";
import { paramsPlace, parsePlace, sectionOf } from "../../dvc/params-place.ts";
import { type Pipeline, readPipeline } from "../../dvc/pipeline.ts";
import { listExperiments, type Revision } from "../../dvc/refs.ts";
import { StageError } from "../../runtime/errors.ts";
import { parseYaml } from "../../runtime/yaml.ts";
import { ownParams, type Params } from "../../stage/params.ts";

/** A file as an experiment left it. @throws StageError when it has none. */
export async function fileAt(commit: string, file: string): Promise<string> {
  const content = await gitFile(commit, file);
  if (content === undefined)
    throw new StageError(`${file}: not in commit ${commit}.`, { hint: "Run the sweep with --force." });
  return content.toString();
}

/** DVC's experiments of a name, those that start from the commit that is checked out first. */
export const experimentsNamed = async (name: string): Promise<Revision[]> =>
  (await listExperiments()).filter(({ experiment }) => experiment === name);

/** The pipeline as it is in the working tree: what an experiment must have run to count as done. */
export interface Present {
  pipeline: Pipeline;
  code: Record<string, CodeDigests>;
}

/** Reads dvc.yaml and takes the digests of each stage's code, as DVC does. */
export async function readPresent(): Promise<Present> {
  const pipeline = await readPipeline();
  return { pipeline, code: await currentCode(pipeline) };
}

/** Whether an experiment has run this pipeline, with this code, on these parameters. */
export async function isUpToDate(commit: string, params: Params, { pipeline, code }: Present): Promise<boolean> {
  const place = parsePlace(paramsPlace(pipeline));
  const [paramsText, lockText] = await Promise.all([gitFile(commit, place.file), gitFile(commit, "dvc.lock")]);
  if (paramsText === undefined || lockText === undefined) return false;
  try {
    const values = sectionOf(parseYaml(paramsText.toString(), place.file).value, place);
    if (!isDeepStrictEqual(ownParams(values), params)) return false;
    const lock = parseLock(lockText.toString());
    const locked = lockedCode(lock);
    return Object.entries(pipeline.stages).every(
      ([name, { cmd }]) =>
        lock[name]?.cmd === cmd &&
        [...(code[name] ?? [])].every(([path, digest]) => digest !== undefined && locked[name]?.get(path) === digest),
    );
  } catch (error) {
    if (error instanceof StageError) return false; // whatever it ran, it was not this
    throw error;
  }
}
