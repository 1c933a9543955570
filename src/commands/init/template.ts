import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { home, installed } from "../../runtime/installation.mjs";

/** Where the files lie that init writes: in the package as it was built, or in its repository. */
const folder = installed ? join(home, "dist", "template") : home;
const plots = installed ? join(folder, "plots") : join(home, ".dvc", "plots");

/** One of dvc.yaml, params.yaml and the launcher. */
export const templateText = (file: "dvc.yaml" | "params.yaml" | "dvc-poison.mjs"): string =>
  readFileSync(join(folder, file), "utf8");

/** The templates of DVC's plots and the page, by file name. */
export const plotFiles = (): Record<string, Buffer> =>
  Object.fromEntries(readdirSync(plots).map((file) => [file, readFileSync(join(plots, file))]));

/** The identity of the stages: stages.lock.json. */
export const identityText = (): string =>
  readFileSync(installed ? join(home, "dist", "stages.lock.json") : join(home, "stages.lock.json"), "utf8");
