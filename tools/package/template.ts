import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** What `init` writes into a project, as it stands in this repository. */
const FILES = ["dvc.yaml", "params.yaml", "dvc-poison.mjs"];

/** Copies the wiring, the parameters and the templates of plots. */
export function writeTemplate(folder: string): void {
  mkdirSync(join(folder, "plots"), { recursive: true });
  for (const file of FILES) cpSync(file, join(folder, file));
  for (const file of readdirSync(".dvc/plots")) cpSync(join(".dvc/plots", file), join(folder, "plots", file));
}
