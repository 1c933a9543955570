import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { commandLine } from "../src/runtime/installation.mjs";
import { cli } from "./setup/cli.mjs";
import { isCommitted, lentIdentity } from "./setup/git.mjs";
import { unsettledMerge } from "./setup/merge.mjs";
import { activated, dvc, root } from "./setup/paths.mjs";
import { passOn, run } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";
import { SetupError } from "./setup/setup-error.mjs";
import { answering } from "./start/answer.mjs";

const WIDTH = commandLine("start", "-S poison=7.5").length;

const help = `${commandLine("start", "[what dvc exp run takes]")}

Sets up what is missing, then runs the pipeline: dvc exp run, with all that follows.

  ${commandLine("start").padEnd(WIDTH)}   the experiment of params.yaml
  ${commandLine("start", "-S poison=7.5").padEnd(WIDTH)}   with 7.5 % of the training labels swapped
  ${commandLine("start", "-S poison=5 -S train.epochs=20 --temp")}

In a folder that is not a git repository there are no experiments: dvc repro runs instead, with the values of params.yaml.
All options: dvc exp run --help`;

/** Options of `dvc exp run` with which it works in copies of the repository. */
const COPIES = ["--temp", "--queue", "--run-all"];

/** Options with which nothing is run in this folder. */
const ELSEWHERE = [...COPIES, "--dry"];

const configs = [
  { file: "config", flag: "--project" },
  { file: "config.local", flag: "--local" }, // git ignores it
];

await cli(async () => {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) return console.log(help);
  const git = await isCommitted({ copies: args.some((arg) => COPIES.includes(arg)) });
  if (!git && args.some((arg) => /^(-S|--set-param)/.test(arg))) {
    throw new SetupError("-S belongs to DVC's experiments, which need a git repository with a commit in this folder.", {
      hint: `edit the value in params.yaml and call \`${commandLine("start")}\`, or: git init && git add -A && git commit -m 'Start'`,
    });
  }
  const merge = await unsettledMerge();
  if (merge) throw new SetupError(merge.message, merge);
  await setup({ pipeline: true });
  if (!git) {
    await doWithoutGit();
    return answering(args, activated(), (env) => passOn(dvc, ["repro", ...args], env));
  }
  await useGit();
  const identity = await lentIdentity();
  if (identity) console.log("git has no user.name and user.email: DVC records experiments as dvc-poison.");
  const environment = { ...activated(), ...identity };
  if (args.some((arg) => ELSEWHERE.includes(arg))) return passOn(dvc, ["exp", "run", ...args], environment);
  return answering(args, environment, (env) => passOn(dvc, ["exp", "run", ...args], env));
});

async function doWithoutGit() {
  console.log("No git repository with a commit here: running `dvc repro`, without experiments.");
  if (!existsSync(join(root, ".dvc"))) {
    console.log("No .dvc folder: running `dvc init --no-scm`.");
    await run(dvc, ["init", "--quiet", "--no-scm"], { env: activated() });
  } else if (!configs.some(doesWithoutGit)) {
    console.log("Telling DVC to do without git: `dvc config --local core.no_scm true`.");
    await run(dvc, ["config", "--local", "core.no_scm", "true"], { env: activated() });
  }
}

/** Takes back what {@link doWithoutGit} told DVC when this folder was no git repository yet. */
async function useGit() {
  for (const config of configs.filter(doesWithoutGit)) {
    console.log(`This folder is a git repository now: \`dvc config ${config.flag} --unset core.no_scm\`.`);
    await run(dvc, ["config", config.flag, "--unset", "core.no_scm"], { env: activated() });
  }
}

/** Reads the file, for DVC itself takes a second to answer. @param {{file: string}} config */
function doesWithoutGit({ file }) {
  const path = join(root, ".dvc", file);
  return existsSync(path) && /^\s*no_scm\s*=\s*true/im.test(readFileSync(path, "utf8"));
}
