import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { describeFolder } from "../../dvc/folder-digest.ts";
import { StageError } from "../../runtime/errors.ts";
import type { ModelEvent } from "../record/events.ts";
import type { ModelOptions } from "./run.ts";

/**
 * The event for a folder that is a model of MLflow: all its files, and the file `MLmodel` where it has none and flavors are said.
 * @throws StageError when the folder cannot be read or is empty, or has no `MLmodel` and no flavors.
 */
export async function modelEvent(
  folder: string,
  {
    name = "model",
    step = 0,
    params = {},
    metrics = [],
    register,
    flavors,
  }: ModelOptions & { params?: Record<string, string> },
): Promise<ModelEvent> {
  const { md5, entries } = await describeFolder(folder).catch((cause: unknown) => {
    throw new StageError(`${folder}: no such folder of a model.`, { cause });
  });
  if (/[/:.%"']/.test(name) || name === "")
    throw new StageError(`the model's name is ${JSON.stringify(name)}; it must be without / : . % " '.`);
  const whole = entries.some(({ relpath }) => relpath === "MLmodel");
  if (!whole && flavors === undefined)
    throw new StageError(`${folder}: has no file MLmodel, and no flavors are said.`, {
      hint: 'Say how it is loaded: logModel(folder, { flavors: { keras: { data: "data" } } }).',
    });
  const files = entries.map(({ relpath }) => ({ path: relpath, file: resolve(join(folder, relpath)) }));
  return {
    type: "model",
    name,
    digest: md5,
    step,
    params,
    metrics: [...metrics],
    ...(register !== undefined && { register }),
    files: whole ? files : [{ path: "MLmodel", text: stringify({ flavors }) }, ...files],
  };
}
