import { readdirSync } from "node:fs";
import { join } from "node:path";
import { root } from "../setup/paths.mjs";

/** Commands that people or other programs start, by name. @type {Record<string, string>} */
const commands = {
  predict: "src/commands/predict.ts",
  report: "src/commands/report.ts",
  sweep: "src/commands/sweep.ts",
  "mlflow-sync": "src/commands/mlflow-sync.ts",
  weights: "src/commands/weights.ts",
};

/** Programs that others start for themselves. @type {Record<string, string>} */
const helpers = { "thumbnail-program": "src/plots/sheet/thumbnail-program.ts" };

/** The stages: each TypeScript file of that folder is one. */
const stages = () =>
  readdirSync(join(root, "stages"))
    .filter((file) => file.endsWith(".ts"))
    .map((file) => file.slice(0, -".ts".length));

/** The sources of all programs, by name. @returns {Record<string, string>} */
export const sources = () => ({
  ...Object.fromEntries(stages().map((name) => [name, `stages/${name}.ts`])),
  ...commands,
  ...helpers,
});

/** The source of a program, from the project's folder, or nothing when there is none of this name. @param {string} name */
export const sourceOf = (name) => (Object.hasOwn(sources(), name) ? sources()[name] : undefined);

/** The programs that a person may start. */
export const programNames = () => [...stages(), ...Object.keys(commands)];
