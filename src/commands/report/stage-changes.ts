import { isCode, type Lock, type LockedStage, lockedParams } from "../../dvc/lock.ts";
import { PARAMS_YAML } from "../../dvc/params-place.ts";
import { PACKAGES } from "../../dvc/pipeline.ts";
import { code, show } from "./markdown.ts";
import { differences } from "./values.ts";

/** A stage that did not run the same in both revisions. */
export interface StageChange {
  stage: string;
  /** Markdown: what differs of that which it depends on. */
  causes: string[];
  /** Outputs that differ. */
  outputs: string[];
}

/** More files of code than this are counted, not named. */
const MOST_FILES = 5;

/** Which stages changed and why, by the digests in both lock files; in head's order, then those that are gone. */
export function stageChanges(base: Lock, head: Lock): StageChange[] {
  const names = [...new Set([...Object.keys(head), ...Object.keys(base)])];
  const changes = names.map((stage): StageChange => {
    const [before, after] = [base[stage], head[stage]];
    if (!before || !after) {
      const only = (after ?? before) as LockedStage;
      return { stage, causes: [after ? "new stage" : "stage removed"], outputs: only.outs.map(({ path }) => path) };
    }
    return { stage, causes: causesOf(before, after, head), outputs: changedPaths(before.outs, after.outs) };
  });
  return changes.filter(({ causes, outputs }) => causes.length + outputs.length > 0);
}

function causesOf(before: LockedStage, after: LockedStage, lock: Lock): string[] {
  const parameters = differences(parametersOf(before), parametersOf(after));
  const paths = changedPaths(before.deps, after.deps);
  const files = paths.filter(isCode);
  const named = files.slice(0, MOST_FILES).map(code).join(", ");
  const more = files.length > MOST_FILES ? ` and ${files.length - MOST_FILES} more` : "";
  return [
    ...parameters
      .filter(({ key }) => !isPackages(key))
      .map(({ key, base, head }) => `parameter ${code(key)}: ${show(base)} → ${show(head)}`),
    ...(parameters.some(({ key }) => isPackages(key)) ? ["the packages that it computes with"] : []),
    ...paths.filter((path) => !isCode(path)).map((path) => `data ${code(path)}${madeBy(lock, path)}`),
    ...(files.length > 0 ? [`code ${named}${more}`] : []),
    ...(before.cmd !== after.cmd ? ["its command"] : []),
  ];
}

/** Parameters from all files; those of params.yaml by their bare key. */
export function parametersOf(stage: LockedStage): Record<string, unknown> {
  const { [PARAMS_YAML]: _, ...others } = stage.params;
  return { ...lockedParams(stage), ...others };
}

/** Whether a parameter is the digest of a stage's packages. @param key dotted, with the file before it. */
export const isPackages = (key: string): boolean => key.startsWith(`${PACKAGES}.`);

function madeBy(lock: Lock, path: string): string {
  const maker = Object.entries(lock).find(([, { outs }]) => outs.some((out) => out.path === path));
  return maker ? `, made by ${code(maker[0])}` : "";
}

function changedPaths(before: LockedStage["deps"], after: LockedStage["deps"]): string[] {
  const digests = (items: LockedStage["deps"]) => Object.fromEntries(items.map(({ path, md5 }) => [path, md5 ?? ""]));
  const [old, now] = [digests(before), digests(after)];
  return [...new Set([...Object.keys(now), ...Object.keys(old)])].filter((path) => old[path] !== now[path]);
}
