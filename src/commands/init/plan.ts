import { existsSync, lstatSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, relative } from "node:path";
import { paramsPlace, parsePlace } from "../../dvc/params-place.ts";
import { isInside } from "../../dvc/paths.ts";
import { parsePipeline } from "../../dvc/pipeline.ts";
import { StageError } from "../../runtime/errors.ts";
import { decodeUtf8 } from "../../runtime/utf8.ts";
import { addSetting, dvcFolder } from "./dvc-project.ts";
import { addLines } from "./lines.ts";
import {
  leavesOf,
  type OurPipeline,
  ourPipeline,
  outputsOf,
  PREFIX,
  repositoryPipeline,
  templatesOf,
} from "./our-stages.ts";
import { addParameters, SECTION, takenNames } from "./parameters.ts";
import { identityText, plotFiles, templateText } from "./template.ts";
import { contentOf, wire } from "./wire.ts";

/** What a person may ask init for. */
export interface Wish {
  /** The folder of dvc.yaml, absolute. */
  folder: string;
  stages?: readonly string[] | undefined;
  /** From `folder`. */
  images?: string | undefined;
  /** Where the parameters shall stand: a file, or a file and a section. */
  params?: string | undefined;
}

/** A file that is written: what it says then, and what was done to it in words. */
export interface Change {
  path: string;
  content: string | Buffer;
  done: string;
}

/** All that init does, and where the parameters stand. */
export interface Plan {
  changes: Change[];
  place: string;
  notes: string[];
  /** Inputs of our stages that no stage in the file makes. */
  awaited: string[];
}

const HEADING = "# dvc-poison";
const GIT_IGNORED = ["/.dvc-poison", "/.mlflow", "*.partial", "/report", "/report.md", "/dvc_plots"];
const DVC_IGNORED = ["/.dvc-poison", "/.mlflow", "/node_modules"];

/** Finds out what has to be written, and writes nothing. @throws StageError for what stands in the way. */
export function planInit({ folder, stages, images, params }: Wish): Plan {
  const dvc = dvcFolder(folder);
  const known = Object.keys(repositoryPipeline().stages);
  const unknown = stages?.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new StageError(`--stages: there is no stage "${unknown}".`, { hint: `There are ${known.join(", ")}.` });
  const read = (file: string) => readOwn(folder, file, dirname(dvc));
  const changes: Change[] = [];
  const notes: string[] = [];
  const write = (path: string, before: string | Buffer, content: string | Buffer, done: string) => {
    // Where a link leads within the project, it stays.
    const at = existsSync(path) ? realpathSync(path) : path;
    if (!Buffer.from(content).equals(Buffer.from(before))) changes.push({ path: at, content, done });
  };

  const yaml = read("dvc.yaml");
  const there = contentOf(yaml, "dvc.yaml").stages;
  const present = known.filter((name) => there[name] !== undefined && (stages?.includes(name) ?? true));
  const { place, note } = choosePlace(params, { yaml, present, stages, read });
  if (note !== undefined) notes.push(note);
  const ours = ourPipeline({ stages, images, place });
  refuseFiles(ours, present, folder);
  const wired = wire(yaml, ours, "dvc.yaml");
  write(join(folder, "dvc.yaml"), yaml, wired.text, wired.done.join(", "));

  const { file } = parsePlace(place);
  const values = images === undefined ? {} : { "data.source": `path:${images}`, ...ALL_IMAGES };
  const parameters = addParameters(read(file), parsePlace(place), leavesOf(stages), values);
  write(join(folder, file), read(file), parameters.text, parameters.added.join(", "));

  const start = read("dvc-poison.mjs");
  if (start !== "" && !start.includes("dvc-poison/cli")) throw foreign("dvc-poison.mjs");
  // One that somebody has changed stays.
  write(join(folder, "dvc-poison.mjs"), start, start || templateText("dvc-poison.mjs"), "starts the stages");
  const identity = identityText();
  const before = read("stages.lock.json");
  if (before !== "" && !before.includes('"packages"')) throw foreign("stages.lock.json");
  write(join(folder, "stages.lock.json"), before, identity, before === "" ? "which code the stages are" : "renewed");

  const packaged = existsSync(join(folder, "package.json"));
  const git = addLines(read(".gitignore"), [...(packaged ? ["/node_modules"] : []), ...GIT_IGNORED], HEADING);
  write(join(folder, ".gitignore"), read(".gitignore"), git.text, git.added.join(" "));
  const ignored = addLines(read(".dvcignore"), DVC_IGNORED, HEADING);
  write(join(folder, ".dvcignore"), read(".dvcignore"), ignored.text, ignored.added.join(" "));
  planPlots(dvc, ours, write);
  const made = new Set([...Object.values(ours.stages), ...Object.values(there)].flatMap((stage) => outputsOf(stage)));
  const needed = Object.values(ours.stages).flatMap(({ deps = [] }) => deps);
  return {
    changes,
    place,
    notes,
    awaited: [...new Set(needed.filter((path) => !made.has(path) && !existsSync(join(folder, path))))],
  };
}

/**
 * The text of a file of the project's own, byte by byte; none where there is no such file.
 * @param root the project's folder, which no link may lead out of: what init writes stays in the project.
 */
function readOwn(folder: string, file: string, root: string): string {
  const path = join(folder, file);
  const found = lstatSync(path, { throwIfNoEntry: false });
  if (found === undefined) return "";
  const refuse = (what: string, hint: string) => new StageError(`${file} ${what}.`, { hint });
  if (found.isSymbolicLink()) {
    const target = existsSync(path) ? relative(realpathSync(root), realpathSync(path)) : "..";
    if (/^\.\.([/\\]|$)/.test(target) || isAbsolute(target))
      throw refuse("is a symbolic link that leads out of the project", "Put a file of the project's own in its place.");
  }
  if (!statSync(path).isFile())
    throw refuse("is there already, and is no file", "Give ours a folder of their own: --dir poison.");
  const bytes = readFileSync(path);
  const decoded = decodeUtf8(bytes);
  if ("fault" in decoded) throw refuse(decoded.fault, "Save it as UTF-8.");
  return bytes.toString(); // with its byte-order mark
}

const foreign = (file: string) =>
  new StageError(`${file}: there is such a file already, which is not dvc-poison's.`, {
    hint: "Give ours a folder of their own: --dir poison.",
  });

/** Images of a project's own: all there are. */
const ALL_IMAGES = { "data.train_per_class": "all", "data.validation_per_class": "all" };

/** Where the parameters stand, or will: where our stages have them, where it was asked for, else at the top, or in a section of their own. */
function choosePlace(
  asked: string | undefined,
  {
    yaml,
    present,
    stages,
    read,
  }: { yaml: string; present: string[]; stages: readonly string[] | undefined; read(file: string): string },
): { place: string; note?: string } {
  if (present.length > 0) {
    const place = paramsPlace(parsePipeline(yaml));
    if (asked !== undefined && asked !== place)
      throw new StageError(`--params ${asked}: the stages in dvc.yaml have their parameters in ${place}.`, {
        hint: "Edit both by hand, then call init again.",
      });
    return { place };
  }
  if (asked !== undefined) {
    const { file, section } = parsePlace(asked);
    if (isInside(file) && /^[\p{L}\d._/-]+\.ya?ml$/u.test(file) && section.every((key) => /^[\p{L}\d_-]+$/u.test(key)))
      return { place: asked };
    throw new StageError(
      `--params is ${JSON.stringify(asked)}; init writes YAML: it must be FILE.yaml or FILE.yaml:SECTION.`,
      {
        hint: "Within the folder of dvc.yaml, of letters, digits and ._/- alone: `--params poison.yaml`.",
      },
    );
  }
  const taken = takenNames(read("params.yaml"), leavesOf(stages));
  if (taken.length === 0) return { place: "params.yaml" };
  const names = taken.join(", ");
  return {
    place: `params.yaml:${SECTION}`,
    note: `params.yaml has ${names} of your own: ours stand in its section ${SECTION}.`,
  };
}

/** @throws StageError where a file lies where one of our stages will write. */
function refuseFiles({ stages }: OurPipeline, present: readonly string[], folder: string): void {
  for (const [name, stage] of Object.entries(stages)) {
    if (present.includes(name)) continue;
    const taken = outputsOf(stage).find((path) => existsSync(join(folder, path)) || isTracked(folder, path));
    if (taken === undefined) continue;
    throw new StageError(`${taken}: is there already, and the stage "${name}" would write it.`, {
      hint: "Give ours a folder of their own: --dir poison. Or leave the stage out: --stages.",
    });
  }
}

/** Whether `dvc add` has taken a path, or a folder around it. */
function isTracked(folder: string, path: string): boolean {
  const parts = path.split("/");
  return parts.some((_, i) => existsSync(join(folder, `${parts.slice(0, i + 1).join("/")}.dvc`)));
}

/** The templates that the figures name, and the page, in the project's `.dvc`. */
function planPlots(
  dvc: string,
  { stages }: OurPipeline,
  write: (path: string, before: string | Buffer, content: string | Buffer, done: string) => void,
): void {
  const used = new Set(templatesOf(stages));
  if (used.size === 0) return;
  for (const [file, content] of Object.entries(plotFiles())) {
    const page = file.endsWith(".html");
    if (!page && !used.has(`${PREFIX}${file.replace(/\.json$/, "")}`)) continue;
    const path = join(dvc, "plots", PREFIX + file);
    write(path, existsSync(path) ? readFileSync(path) : "", content, page ? "the page of figures" : "a figure");
  }
  const config = join(dvc, "config");
  const before = existsSync(config) ? readFileSync(config, "utf8") : "";
  const setting = addSetting(before, "plots", "html_template", `plots/${PREFIX}page.html`);
  if (setting !== undefined) write(config, before, setting, "plots.html_template");
}

/** A path as a person in a folder would write it. */
export const shownFrom = (folder: string, path: string): string => relative(folder, path) || ".";
