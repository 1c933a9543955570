import { isDeepStrictEqual } from "node:util";
import { isCode, type Lock, type LockedStage } from "../../dvc/lock.ts";
import { code, show } from "./markdown.ts";
import { isPackages, parametersOf } from "./stage-changes.ts";
import { leaves } from "./values.ts";

/** A revision's files as they are, to be held against what its dvc.lock says. */
export interface PresentFiles {
  /** The stages of dvc.yaml. */
  stages: readonly string[];
  /** The parameters that are a stage's, and the content of the other files that stages take some from, by file. */
  params(stage: LockedStage): Record<string, unknown>;
  /** DVC's digests by path, of those files and folders of code that are there. */
  digests: ReadonlyMap<string, string>;
}

/** Markdown: for each stage whose results are not those of the revision's parameters, code and files, what does not fit. */
export function staleStages(lock: Lock, { stages, params, digests }: PresentFiles): string[] {
  return stages.flatMap((name) => {
    const stage = lock[name];
    if (!stage) return [`${code(name)} has not run`];
    const locked = leaves(parametersOf(stage));
    const values = leaves(params(stage));
    const changed = [...locked].filter(([key, value]) => !isDeepStrictEqual(values.get(key), value));
    const other = (items: readonly { path: string; md5?: string | undefined }[]) =>
      items.filter(({ path, md5 }) => digests.has(path) && digests.get(path) !== md5).map(({ path }) => path);
    const deps = other(stage.deps);
    const files = deps.filter(isCode);
    const faults = [
      ...changed.map(([key, value]) =>
        isPackages(key)
          ? "the packages that it computes with are others since"
          : `${code(key)} is ${show(values.get(key))}, it ran with ${show(value)}`,
      ),
      ...(files.length > 0
        ? [`its code has changed since (${files.slice(0, 3).map(code).join(", ")}${files.length > 3 ? ", …" : ""})`]
        : []),
      ...deps.filter((path) => !isCode(path)).map((path) => `${code(path)} has changed since`),
      ...other(stage.outs).map((path) => `${code(path)} is not what it wrote`),
    ];
    return faults.length > 0 ? [`${code(name)}: ${faults.join("; ")}`] : [];
  });
}
