#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { home, installed } from "../src/runtime/installation.mjs";
import { outliveOutput } from "../src/runtime/lost-output.mjs";
import { nodeFault } from "../src/runtime/node-version.mjs";
import { printable } from "../src/runtime/printable.mjs";
import { explainSystem } from "../src/runtime/system-error.mjs";
import { compiledPrograms } from "./programs/compiled.mjs";
import { asksForHelp, helpOf } from "./programs/help.mjs";
import { isProgram, programNames } from "./programs/programs.mjs";

/*
 * Runs a stage or a command by its name: `npx dvc-poison NAME …` where the package is installed, `node dvc-poison.mjs NAME …` in every
 * project that has the launcher. Programs are TypeScript; what runs is what they were compiled to, which starts in half the time.
 */

/** What sets up, or needs it, is plain JavaScript. @type {Record<string, string>} */
const scripts = {
  setup: "set up what is missing",
  start: "set up, then dvc exp run",
  doctor: "examine the installation",
  mlflow: "run an MLflow server",
  ...(installed && { sweep: "run every poison level, and compare" }),
};

/** What sweep.mjs starts when it has set up. */
const SWEEP = "sweep-program";

outliveOutput();
const [name = "", ...args] = process.argv.slice(2);
const fault = nodeFault();
const help = asksForHelp(args) ? helpOf(name) : undefined;
if (help !== undefined) {
  console.log(help);
} else if (fault) {
  console.error(`error: ${fault.message}\nhint: ${fault.hint}`);
  process.exitCode = 1;
} else if (Object.hasOwn(scripts, name)) {
  process.argv = [process.execPath, join(home, "scripts", `${name}.mjs`), ...args];
  await load(/** @type {string} */ (process.argv[1]));
} else if (isProgram(name) || name === SWEEP) {
  const program = name === SWEEP ? "sweep" : name;
  process.argv = [process.execPath, join(home, `${program}.mjs`), ...args];
  const folder = await compiledPrograms().catch(refuse);
  if (folder !== undefined) await load(join(folder, `${program}.mjs`));
} else if (name === "--help" || name === "-h") {
  console.log(overview());
} else if (name === "--version") {
  console.log(JSON.parse(readFileSync(join(home, "package.json"), "utf8")).version);
} else {
  const { stages, commands } = programNames();
  const what = name === "" ? "name a program" : `"${name}" is no program of dvc-poison`;
  const names = [...new Set([...stages, ...commands, ...Object.keys(scripts)])];
  console.error(`error: ${what}: there are ${names.join(", ")}.`);
  process.exitCode = 1;
}

/** Starts a program: what it runs into it says itself, but not what keeps it from being read. @param {string} file */
async function load(file) {
  try {
    await import(pathToFileURL(file).href);
  } catch (error) {
    const explained = explainSystem(error);
    if (!explained) throw error;
    console.error(printable(`error: ${name} cannot be loaded: ${explained.message}\nhint: ${explained.hint}`));
    process.exitCode = 1;
  }
}

function overview() {
  const { stages } = programNames();
  const commands = {
    ...(installed && { init: "write the stages into a DVC project" }),
    ...scripts,
    ...(!installed && { sweep: "run every poison level, and compare" }),
    report: "compare two revisions for a reviewer",
    predict: "classify images with a trained model",
    "mlflow-sync": "tell an MLflow server what it has missed",
  };
  const lines = Object.entries(commands).map(([command, what]) => `  ${command.padEnd(13)} ${what}`);
  return `${installed ? "npx dvc-poison" : "node dvc-poison.mjs"} NAME …

${lines.join("\n")}

Stages, which dvc.yaml calls: ${stages.join(", ")}
Each has a --help of its own. --version: which dvc-poison this is.`;
}

/** What a person can mend is said in words. @param {Error & {code?: string, errors?: object[]}} error @returns {undefined} */
function refuse(error) {
  const { code = "", errors } = error;
  const explained = explainSystem(error);
  process.exitCode = 1;
  if (explained)
    console.error(printable(`error: the programs cannot be compiled: ${explained.message}\nhint: ${explained.hint}`));
  else if (code === "ERR_MODULE_NOT_FOUND")
    console.error("error: the Node packages are not installed.\nhint: npm run setup");
  else if (errors)
    console.error("error: the sources cannot be compiled, see above."); // by esbuild, which has named file and line
  else throw error;
}
