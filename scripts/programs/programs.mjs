import { existsSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { home, installed } from "../../src/runtime/installation.mjs";

/** Commands that people or other programs start, by name. @type {Record<string, string>} */
const commands = {
  init: "src/commands/init.ts",
  predict: "src/commands/predict.ts",
  report: "src/commands/report.ts",
  sweep: "src/commands/sweep.ts",
  "mlflow-sync": "src/commands/mlflow-sync.ts",
};

/** Programs that others start for themselves. @type {Record<string, string>} */
const helpers = {
  answer: "src/commands/answer.ts",
  "extract-shard": "src/commands/tasks/extract-shard.ts",
  "preview-program": "src/mlflow/experiment/preview-program.ts",
  "probe-convolutions": "src/commands/probes/convolutions.ts",
  "probe-experiment": "src/commands/probes/experiment.ts",
  "probe-tensorflow": "src/commands/probes/tensorflow.ts",
  "sweep-experiment": "src/commands/tasks/sweep-experiment.ts",
  "thumbnail-program": "src/plots/sheet/thumbnail-program.ts",
  weights: "src/commands/weights.ts",
};

/** What was compiled when the package was built. */
const built = join(home, "dist", "programs");

/** The stages: each TypeScript file of that folder is one. */
const stages = () => namesIn(join(home, "stages"), ".ts");

/** The sources of all programs in the repository, by name. @returns {Record<string, string>} */
export const sources = () => ({
  ...Object.fromEntries(stages().map((name) => [name, `stages/${name}.ts`])),
  ...commands,
  ...helpers,
});

/** Whether there is a program of this name. @param {string} name */
export const isProgram = (name) =>
  installed ? existsSync(join(built, `${basename(name)}.mjs`)) : Object.hasOwn(sources(), name);

/** The programs that a person may start: stages, then commands. */
export function programNames() {
  const others = [...Object.keys(commands), ...Object.keys(helpers)];
  const names = installed ? namesIn(built, ".mjs").filter((name) => !others.includes(name)) : stages();
  return { stages: names, commands: Object.keys(commands) };
}

/** @param {string} folder @param {string} ending */
const namesIn = (folder, ending) =>
  readdirSync(folder)
    .filter((file) => file.endsWith(ending))
    .map((file) => file.slice(0, -ending.length));
