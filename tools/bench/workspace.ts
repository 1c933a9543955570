import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { copyProject } from "../copy-project.ts";
import { studyParams } from "../study-params.ts";

/**
 * Makes a folder in which the stages run as DVC runs them, reading and writing the paths of dvc.yaml, but with data of its own.
 * @param data paths of the workspace and what they are links to. @param params what differs from the study, by keys with dots.
 */
export function createWorkspace(folder: string, data: Record<string, string>, params: Record<string, unknown>): string {
  copyProject(folder);
  for (const [path, target] of Object.entries(data)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(resolve(target), join(folder, path));
  }
  writeFileSync(join(folder, "params.yaml"), studyParams(params));
  return folder;
}

/** The command of a stage, as in dvc.yaml. @param node another Node.js, and options for it */
export const stage = (name: string, node = [process.execPath]): string[] => [...node, "dvc-poison.mjs", name];
