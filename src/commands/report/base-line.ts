import { readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { describeFolder } from "../../dvc/folder-digest.ts";
import { digestOf } from "../../dvc/lock.ts";
import { PARAMS_YAML, parsePlace, sectionOf } from "../../dvc/params-place.ts";
import { STAGES } from "../../dvc/roles.ts";
import { cacheFolder, callDvc } from "../../dvc/run-dvc.ts";
import { StageError } from "../../runtime/errors.ts";
import { CLI } from "../../runtime/fork-program.ts";
import { runCommand } from "../../runtime/run-command.ts";
import { parseYaml } from "../../runtime/yaml.ts";
import type { Opened } from "./pictures.ts";
import { readResults } from "./read-results.ts";
import { fileOf, type Revision } from "./revision.ts";

/** Where copies of a revision are run: below the project, whose packages and addons a copy finds by looking upwards, as DVC's own do. */
export const RUNS = join(".dvc", "tmp", "report");

type Mapping = Record<string, unknown>;

/**
 * Runs a revision again on another's images, by its own code and parameters but for `data`: head's images are laid into a copy of base,
 * `restore` is frozen, and `dvc repro` does the rest with the project's cache.
 * @param copy of base's files, below {@link RUNS}; it is changed.
 * @returns the copy's results. @throws StageError when head's images cannot be had, or base does not run on them.
 */
export async function runOnImagesOf(head: Opened, base: Opened, copy: Revision): Promise<Opened> {
  const cwd = copy.folder;
  const images = base.side.paths.images;
  const digest = digestOf(head.side.lock, head.side.paths.images);
  if (images === undefined || digest === undefined || images !== head.side.paths.images)
    throw new StageError("dvc.yaml or dvc.lock of one side names no images, or another folder.");

  await takeData(head, copy, placeOf(base));
  const { stages } = (await readYaml(join(head.revision.folder, "dvc.lock"))) as { stages: Mapping };
  await edit(join(cwd, "dvc.lock"), (lock) => ({
    ...lock,
    stages: { ...(lock.stages as Mapping), [STAGES.images]: stages[STAGES.images] },
  }));
  await must(["config", "--local", "core.no_scm", "true"], cwd); // it is no checkout of git's
  await must(["cache", "dir", "--local", await cacheFolder()], cwd);
  await must(["freeze", STAGES.images], cwd);
  await layImages(head, { digest, folder: join(cwd, images), cwd, images });
  const { code } = await callDvc(["repro"], { cwd, output: "inherit", env: { MLFLOW_TRACKING_URI: "" } });
  if (code !== 0) throw new StageError("`dvc repro` of base failed on head's images, see its output.");
  const side = await readResults(copy);
  // Its code is base's, but what restored the images is head's: that is meant, and no result is out of date.
  return {
    revision: { ...copy, name: base.revision.name },
    side: { ...side, name: base.side.name, stale: [], replaced: base.side },
  };
}

/** Where a revision's parameters stand, as its dvc.yaml writes it. */
const placeOf = ({ side }: Opened): string => side.paths.training.params ?? PARAMS_YAML;

/** Gives a copy head's `data` section, where both have their parameters at the same place. */
async function takeData(head: Opened, copy: Revision, text: string): Promise<void> {
  const place = parsePlace(text);
  const [from, to] = await Promise.all([head.revision, copy].map((revision) => fileOf(revision, place.file)));
  if (placeOf(head) !== text || from === undefined || to === undefined) return;
  const { data } = (sectionOf(await readYaml(from), place) ?? {}) as Mapping;
  await edit(to, (content) => {
    Object.assign((sectionOf(content, place) ?? {}) as Mapping, { data });
    return content;
  });
}

/** Brings head's images out of DVC's cache; where it lacks those of the workspace, by the stage that restores them. */
async function layImages(
  head: Opened,
  { digest, folder, cwd, images }: { digest: string; folder: string; cwd: string; images: string },
): Promise<void> {
  if ((await callDvc(["checkout", images], { cwd })).code === 0) return;
  if (head.revision.folder !== ".")
    throw new StageError("head's images are not in DVC's cache.", {
      hint: `git checkout ${head.revision.commit.slice(0, 7)} && dvc pull ${images}`,
    });
  await rm(folder, { recursive: true, force: true });
  const restore = [CLI, STAGES.images, "--params", placeOf(head), "--out", resolve(folder)];
  const { code } = await runCommand(process.execPath, restore, { output: "inherit" });
  if (code !== 0) throw new StageError("head's images could not be restored, see its output.");
  if ((await describeFolder(folder)).md5 !== digest)
    throw new StageError("the images that can be restored here are not those of head's dvc.lock.", {
      hint: "Run head here: `dvc repro`.",
    });
}

async function must(args: readonly string[], cwd: string): Promise<void> {
  const { code, stderr } = await callDvc(args, { cwd });
  if (code !== 0) throw new StageError(`dvc ${args[0]}: ${stderr.trim()}`);
}

const readYaml = async (file: string): Promise<Mapping> =>
  (parseYaml(await readFile(file, "utf8"), file).value ?? {}) as Mapping;

const edit = async (file: string, change: (value: Mapping) => Mapping): Promise<void> =>
  writeFile(file, stringify(change(await readYaml(file))));
