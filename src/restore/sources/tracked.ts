import { existsSync } from "node:fs";
import { posix, resolve } from "node:path";
import { isInside } from "../../dvc/paths.ts";
import { type Pipeline, readPipeline } from "../../dvc/pipeline.ts";
import { StageError } from "../../runtime/errors.ts";

/**
 * Finds images that DVC tracks: under `dvc add`, `dvc import` or `dvc import-url`, or what another stage makes. They must be a dependency of
 * the stage that reads them, so that `dvc status` and `dvc repro` see what changes in them, and `dvc pull` brings them.
 * @param path as `data.source` names it, from the project's folder.
 * @returns an absolute path.
 * @throws StageError where DVC does not track them, the stage does not depend on them, or they are not there.
 */
export async function locateTracked(path: string, pipeline?: Pipeline): Promise<string> {
  const clean = posix.normalize(path).replace(/\/$/, "");
  const refuse = (what: string, hint: string) =>
    new StageError(`params.yaml: data.source is dvc:${path}: ${what}.`, { hint });
  if (!isInside(clean)) throw refuse("it is no path within the project", "Write it from the project's folder, with /.");
  const { stages } = pipeline ?? (await readPipeline());
  const places = ancestors(clean);
  const outs = Object.values(stages).flatMap((stage) => stage.outs.map((out) => posix.normalize(out)));
  if (!places.some((place) => existsSync(`${place}.dvc`) || outs.includes(place)))
    throw refuse(
      "DVC does not track it",
      `\`dvc add ${clean}\`, \`dvc import\` or \`dvc import-url\` puts it under DVC; path:${path} takes it without, and then no change in it is noticed.`,
    );
  for (const [name, { deps }] of readers(stages))
    if (!deps.some((dep) => places.includes(posix.normalize(dep))))
      throw refuse(
        `the stage ${name} in dvc.yaml does not depend on it, so DVC would not notice what changes in it`,
        `In dvc.yaml, add \`- ${clean}\` to deps of ${name}.`,
      );
  if (!existsSync(clean))
    throw refuse("it is not there", `\`dvc pull ${clean}\` brings it, or \`dvc checkout ${clean}\`.`);
  return resolve(clean);
}

/** Whether a stage that restores images depends on this path: DVC then notices what changes there, tracked or not. */
export async function isWatched(path: string): Promise<boolean> {
  const places = ancestors(posix.normalize(path).replace(/\/$/, ""));
  const { stages } = await readPipeline();
  return readers(stages).some(([, { deps }]) => deps.some((dep) => places.includes(posix.normalize(dep))));
}

/** The stages of dvc.yaml that run ours for restoring. */
const readers = (stages: Pipeline["stages"]) =>
  Object.entries(stages).filter(([, { cmd }]) => /(^|[\s/])restore(\.ts)?(\s|$)/.test(cmd));

/** A path and the folders it lies in. */
function ancestors(path: string): string[] {
  const above = posix.dirname(path);
  return above === "." || above === "/" || above === path ? [path] : [path, ...ancestors(above)];
}
