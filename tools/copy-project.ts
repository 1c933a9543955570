import { cpSync, mkdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { root } from "../scripts/setup/paths.mjs";

/** What the stages are, beside params.yaml and data. */
const PARTS = [
  ...["stages", "src", "scripts", "dvc-poison.mjs"],
  ...["dvc.yaml", "stages.lock.json", "package.json", ".gitignore", ".gitattributes", ".dvcignore"],
];

/** What was installed and built. */
const INSTALLED = ["node_modules", ".dvc-poison"];

/** Copies code and wiring as they are in the working tree into a folder; what is installed and built is linked. */
export function copyProject(folder: string): void {
  for (const part of PARTS) cpSync(join(root, part), join(folder, part), { recursive: true });
  mkdirSync(join(root, ".dvc-poison"), { recursive: true });
  for (const part of INSTALLED) symlinkSync(join(root, part), join(folder, part));
}
