import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseDocument } from "yaml";
import { root } from "../../scripts/setup/paths.mjs";

/** What the stages are and read, beside data. */
const PROJECT = [
  "stages",
  "src",
  "params.yaml",
  "dvc.yaml",
  "stages.lock.json",
  "package.json",
  ".gitignore",
  ".dvcignore",
];

/** The study's values, which are built into original.py, whatever params.yaml says now. */
const STUDY = {
  poison: 0,
  "image.resize": "nearest",
  "image.preprocess": "rescale",
  "train.batch_size": 10,
  "train.optimizer": "rmsprop",
  "train.learning_rate": 0.001,
  "train.hidden_units": 256,
  "train.dropout": 0.5,
  "train.export_full": false,
};

/**
 * Makes a folder in which the stages run as DVC runs them, reading and writing the paths of dvc.yaml, but with data of its own.
 * @param data paths of the workspace and what they are links to. @param params what differs from the study, by keys with dots.
 */
export function createWorkspace(folder: string, data: Record<string, string>, params: Record<string, unknown>): string {
  for (const item of PROJECT) cpSync(join(root, item), join(folder, item), { recursive: true });
  for (const [path, target] of Object.entries({ node_modules: join(root, "node_modules"), ...data })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    symlinkSync(resolve(target), join(folder, path));
  }
  const file = join(folder, "params.yaml");
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const [key, value] of Object.entries({ ...STUDY, ...params })) document.setIn(key.split("."), value);
  writeFileSync(file, document.toString());
  return folder;
}

/** The command of a stage, as in dvc.yaml. */
export const stage = (name: string): string[] => [process.execPath, "--import", "tsx", `stages/${name}.ts`];
