import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join, resolve } from "node:path";
import type { TestContext } from "node:test";
import { copyProject } from "../../tools/copy-project.ts";
import { studyParams } from "../../tools/study-params.ts";
import { temporaryFolder } from "./temporary-folder.ts";

/** A copy of the project in a folder of its own, with few drawn images and two epochs. */
export interface Project {
  folder: string;
  /** The environment of its commands: DVC's and git's settings are its own. */
  env: NodeJS.ProcessEnv;
  /** Runs a command of the project's environment there; gives back its exit code and all it printed. */
  run(command: string, ...args: string[]): { code: number; output: string };
  /** As `run`, but an exit code other than 0 is an error. */
  must(command: string, ...args: string[]): string;
  read(file: string): string;
}

const SMALL = [
  "data.source=generated",
  "data.train_per_class=12",
  "data.validation_per_class=4",
  "image.size=32", // the network itself is tested elsewhere
  "train.epochs=2",
  "train.batch_size=4",
];

/**
 * Copies what a stage needs to a temporary folder: code and wiring as they are in the working tree, what is installed and built as links.
 * @param options.git whether it is a git repository with one commit. @param options.identity whether git knows who commits.
 * @param options.within the project's folder in the repository; default all of it.
 * @param options.programs folders of programs that come before the project's.
 */
export function createProject(
  t: TestContext,
  {
    git = true,
    identity = true,
    within = "",
    programs = [],
  }: { git?: boolean; identity?: boolean; within?: string; programs?: readonly string[] } = {},
): Project {
  const repository = temporaryFolder(t);
  const folder = join(repository, within);
  mkdirSync(folder, { recursive: true });
  copyProject(folder);
  writeFileSync(join(folder, "params.yaml"), studyParams());
  const { home, env } = environment(t);
  env.PATH = [...programs, env.PATH].join(delimiter);
  const { run, must } = commands(folder, env);
  const project = { folder, env, run, must, read: (file: string) => readFileSync(join(folder, file), "utf8") };
  setParams(project, SMALL);
  if (!git) {
    must("dvc", "init", "--quiet", "--no-scm");
    return project;
  }
  must("git", "init", "--quiet", repository);
  must("dvc", "init", "--quiet", ...(within ? ["--subdir"] : []));
  must("git", "add", "--all");
  must("git", "-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message", "Begin");
  if (identity) writeFileSync(join(home, ".gitconfig"), "[user]\n\tname = test\n\temail = test@example.org\n");
  return project;
}

/** Changes values in params.yaml, `key=value` with dots as in `-S`; comments stay. */
export function setParams({ folder }: Pick<Project, "folder">, settings: readonly string[]): void {
  const file = join(folder, "params.yaml");
  let text = readFileSync(file, "utf8");
  for (const setting of settings) {
    const [key, value] = setting.split(/=(.*)/s) as [string, string];
    const name = key.split(".").at(-1) as string;
    const changed = text.replace(new RegExp(`^(\\s*${name}: *)\\S+`, "m"), `$1${value}`);
    if (changed === text && !text.includes(`${name}: ${value}`)) throw new Error(`params.yaml has no ${key}`);
    text = changed;
  }
  writeFileSync(file, text);
}

/** The stages that DVC says it ran, in order. */
export function stagesRun(output: string): string[] {
  return [...output.matchAll(/Running stage '([^']+)'/g)].map((match) => match[1] as string);
}

/** An environment with this project's programs, and settings of DVC and git of its own, in its home. */
export function environment(t: TestContext): { home: string; env: NodeJS.ProcessEnv } {
  const home = temporaryFolder(t);
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PATH: `${resolve(".venv/bin")}${delimiter}${process.env.PATH}`,
    // A home of its own: DVC's git library reads ~/.gitconfig whatever git's variables say. Downloads stay where they are.
    HOME: home,
    XDG_CACHE_HOME: process.env.XDG_CACHE_HOME || join(homedir(), ".cache"),
    KERAS_HOME: process.env.KERAS_HOME || join(homedir(), ".keras"),
    GIT_CONFIG_SYSTEM: "/dev/null",
    DVC_GLOBAL_CONFIG_DIR: join(home, "dvc"),
    DVC_SITE_CACHE_DIR: join(home, "dvc-site"),
    DVC_NO_ANALYTICS: "1",
  };
  for (const name of [
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "NODE_TEST_CONTEXT",
    "MLFLOW_TRACKING_URI",
  ])
    delete env[name];
  writeFileSync(join(home, ".gitconfig"), "[init]\n\tdefaultBranch = main\n");
  return { home, env };
}

/** How commands are run in a folder. */
export function commands(folder: string, env: NodeJS.ProcessEnv): Pick<Project, "run" | "must"> {
  const run: Project["run"] = (command, ...args) => {
    const { status, stdout, stderr } = spawnSync(command, args, {
      cwd: folder,
      env,
      encoding: "utf8",
      maxBuffer: 2 ** 28,
    });
    return { code: status ?? -1, output: `${stdout}${stderr}` };
  };
  const must: Project["must"] = (command, ...args) => {
    const { code, output } = run(command, ...args);
    if (code !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output}`);
    return output;
  };
  return { run, must };
}
