import { parse } from "yaml";
import { settingFor } from "../../dvc/params-place.ts";
import { isMapping } from "../../stage/override.ts";
import { templateText } from "./template.ts";

/** An output as dvc.yaml writes it: a path, or a path with its options. */
export type Output = string | Record<string, unknown>;

/** A stage as dvc.yaml writes it. */
export interface StageText {
  desc?: string;
  cmd: string;
  deps?: string[];
  params?: (string | Record<string, string[]>)[];
  outs?: Output[];
  metrics?: Output[];
  plots?: Output[];
}

/** Our part of a project's dvc.yaml. */
export interface OurPipeline {
  stages: Record<string, StageText>;
  artifacts: Record<string, { path: string }>;
}

/** What a project may choose. */
export interface Choice {
  /** Names of stages; default: all. */
  stages?: readonly string[] | undefined;
  /** A folder of images that a stage of the project's own makes, from the folder of dvc.yaml. */
  images?: string | undefined;
  /** Where the parameters stand: `params.yaml`, `params.yaml:dvc_poison`, `poison.yaml`. */
  place: string;
}

/** Before the names of what we put into a folder that is the whole project's. */
export const PREFIX = "dvc-poison-";

/** Our pipeline as this repository runs it. */
export const repositoryPipeline = (): OurPipeline => parse(templateText("dvc.yaml")) as OurPipeline;

/** Our part of a project's dvc.yaml: the same commands, outputs and figures; instead of our code, the stages depend on its identity. */
export function ourPipeline({ stages: chosen, images, place }: Choice): OurPipeline {
  const { stages, artifacts } = repositoryPipeline();
  const named = Object.entries(stages).filter(([name]) => chosen?.includes(name) ?? true);
  const ours = Object.fromEntries(named.map(([name, stage]) => [name, forProject(name, stage, { images, place })]));
  const made = new Set(Object.values(ours).flatMap(outputsOf));
  return {
    stages: ours,
    artifacts: Object.fromEntries(Object.entries(artifacts).filter(([, { path }]) => made.has(path))),
  };
}

function forProject(name: string, stage: StageText, { images, place }: Choice): StageText {
  const { desc, cmd, deps = [], params = [], plots, ...outputs } = stage;
  const data = deps.filter((path) => !/^(src|stages)(\/|$)/.test(path));
  const own = name === "restore" && images !== undefined ? [images, ...data] : data;
  return {
    ...(desc !== undefined && { desc }),
    cmd: place === "params.yaml" ? cmd : `${cmd} --params ${place}`,
    ...(own.length > 0 && { deps: own }),
    params: paramsAt(params, place),
    ...outputs,
    ...(plots && { plots: plots.map(withOurTemplate) }),
  };
}

/** A plot with the name that its template has in a project, whose folder of templates is everybody's. */
function withOurTemplate(plot: Output): Output {
  if (typeof plot === "string") return plot;
  const [path, options] = Object.entries(plot)[0] as [string, { template?: string }];
  return { [path]: { ...options, ...(options.template && { template: PREFIX + options.template }) } };
}

/** The templates that stages draw by, as they are called in this repository. */
export const templatesOf = (stages: OurPipeline["stages"]): string[] =>
  Object.values(stages)
    .flatMap(({ plots = [] }) => plots.flatMap((plot) => (typeof plot === "string" ? [] : Object.values(plot))))
    .flatMap((options) => (options as { template?: string }).template ?? []);

/** The parameters of a stage where the project has them: `dvc_poison.poison`, or `poison.yaml: [poison]`. */
function paramsAt(params: NonNullable<StageText["params"]>, place: string): NonNullable<StageText["params"]> {
  const leaves = params.filter((entry) => typeof entry === "string");
  const others = params.filter((entry) => typeof entry !== "string");
  const settings = leaves.map((leaf) => settingFor(leaf, place));
  const file = /^(.+\.(?:ya?ml|json)):(.+)$/;
  const elsewhere = settings.flatMap((setting) => file.exec(setting)?.[1] ?? [])[0];
  if (elsewhere === undefined) return [...settings, ...others];
  return [{ [elsewhere]: settings.map((setting) => (file.exec(setting) as RegExpExecArray)[2] as string) }, ...others];
}

/** The paths that a stage writes. */
export const outputsOf = ({ outs, metrics, plots }: StageText): string[] =>
  [outs, metrics, plots]
    .flatMap((list) => list ?? [])
    .map((output) => (isMapping(output) ? (Object.keys(output)[0] ?? "") : String(output)));

/** The keys that our stages declare, as if they stood at the top of params.yaml. */
export function leavesOf(chosen: readonly string[] | undefined): string[] {
  const stages = Object.entries(repositoryPipeline().stages).filter(([name]) => chosen?.includes(name) ?? true);
  const leaves = stages.flatMap(([, { params = [] }]) => params.filter((entry) => typeof entry === "string"));
  return [...new Set(leaves)];
}

/** Whether a command runs one of our stages. */
export const isOurCommand = (cmd: unknown, name: string): boolean =>
  typeof cmd === "string" && new RegExp(`(^|\\s)(\\S*/)?dvc-poison\\.mjs\\s+${name}(\\s|$)`).test(cmd);
