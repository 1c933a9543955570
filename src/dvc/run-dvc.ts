import { existsSync } from "node:fs";
import { delimiter, dirname, isAbsolute, join, relative, resolve } from "node:path";
import { z } from "zod";
import { withoutSecrets } from "../runtime/address.mjs";
import { StageError } from "../runtime/errors.ts";
import { findInstalled } from "../runtime/find-installed.mjs";
import { commandLine, installed } from "../runtime/installation.mjs";
import { locate } from "../runtime/locate.ts";
import { parseJson } from "../runtime/parse-json.ts";
import { type CommandOptions, type Outcome, runCommand } from "../runtime/run-command.ts";
import type { FolderEntry } from "./folder-digest.ts";

/** The registry cannot be reached: the one error after which `source: auto` goes on. */
export class Unreachable extends StageError {}

/** Seconds that Git may take to answer, and that DVC may go on without a further file. */
const PATIENCE = { git_s: 15, dvc_s: 60 };

/** DVC, from the project's Python environment or the PATH; where this package is installed, what is on the PATH goes before a `.venv`. */
function dvcProgram(): string {
  const own = locate(".venv/bin/dvc") ?? locate(".venv/Scripts/dvc.exe");
  if (!installed) return own ?? "dvc";
  const made = findInstalled(".dvc-poison/venv/bin/dvc") ?? findInstalled(".dvc-poison/venv/Scripts/dvc.exe");
  return made ?? (isOnPath("dvc") ? "dvc" : (own ?? "dvc"));
}

/** How a person calls that DVC from this folder, in a shell where nothing is activated. */
export function dvcCommand(): string {
  const found = dvcProgram();
  const path = isAbsolute(found) ? relative(process.cwd(), found) : found;
  return /\s/.test(path) ? `"${path}"` : path;
}

const isOnPath = (program: string): boolean =>
  (process.env.PATH ?? "").split(delimiter).some((folder) => existsSync(join(folder, program)));

/**
 * The environment of DVC and git: nobody is asked, since nobody may be at the keyboard, and nothing is reported. The programs beside
 * DVC come first. Python may keep its bytecode there: where a machine forbids it, each call compiles its modules anew, for up to 16 s.
 */
function environment(): NodeJS.ProcessEnv {
  const { PYTHONDONTWRITEBYTECODE, ...env } = process.env;
  const silent = { GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "", DVC_NO_ANALYTICS: "1" };
  const PATH = [dirname(dvcProgram()), env.PATH].filter((folder) => folder && folder !== ".").join(delimiter);
  return { ...env, ...silent, PATH };
}

/** Asks Git whether a repository is there: it fails in seconds where DVC would try for minutes. @throws Unreachable */
export async function reachRepository(url: string): Promise<void> {
  const options = { env: environment(), limit_s: PATIENCE.git_s };
  const outcome = await runCommand("git", ["ls-remote", "--quiet", "--", url, "HEAD"], options).catch(
    (cause: unknown) => {
      throw new Unreachable("Git, which the dataset registry needs, was not found.", { hint: "Install git.", cause });
    },
  );
  if (outcome.code === 0) return;
  const why = outcome.stderr.match(/^fatal: (.+)$/m)?.[1] ?? outcome.stderr.trim();
  throw new Unreachable(
    `${withoutSecrets(url)} cannot be reached: ${outcome.timedOut ? `no answer within ${PATIENCE.git_s} s` : withoutSecrets(why)}.`,
    { hint: "Check the network, or set POISON_MIRROR, or data.source in params.yaml to path:FOLDER or generated." },
  );
}

/** Runs DVC and says how it ended. @param options.env what differs from its usual environment. @throws StageError when DVC is missing. */
export async function callDvc(args: readonly string[], options: CommandOptions = {}): Promise<Outcome> {
  return dvc(args, { ...options, env: { ...environment(), ...options.env } });
}

/** Where the cache of this folder's DVC repository lies, absolute. @throws StageError when DVC is missing, or knows none. */
export async function cacheFolder(): Promise<string> {
  const { code, stdout, stderr } = await callDvc(["cache", "dir"]);
  if (code === 0) return resolve(stdout.toString().trim());
  throw new StageError(`dvc cache dir: ${stderr.trim()}`);
}

/**
 * Runs DVC.
 * @param scratch a folder for its temporary files: a killed DVC leaves them behind.
 * @param activity number of files that have come.
 * @returns what it printed.
 * @throws Unreachable when the network failed before a file came; StageError when DVC is missing or failed otherwise.
 */
export async function runDvc(args: string[], scratch: string, activity = async () => 0): Promise<string> {
  const outcome = await dvc(args, { env: { ...environment(), TMPDIR: scratch }, limit_s: PATIENCE.dvc_s, activity });
  if (outcome.code === 0) return outcome.stdout.toString();
  throw explain(`dvc ${args[0]}`, outcome, await activity());
}

/** The files that a DVC repository notes of a folder at a revision. @throws as {@link runDvc} */
export async function listFolder(
  { url, revision, path }: { url: string; revision: string; path: string },
  scratch: string,
): Promise<FolderEntry[]> {
  const flags = ["--rev", revision, "--recursive", "--dvc-only", "--show-hash", "--json"];
  const files = parseJson(listing, await runDvc(["list", url, path, ...flags], scratch));
  if (files !== undefined) return files.map((file) => ({ relpath: file.path, md5: file.md5 }));
  throw new StageError("dvc list: its answer is not what DVC 3 prints.", {
    hint: `Install it anew: \`${commandLine("setup")}\`.`,
  });
}

const listing = z.array(z.object({ path: z.string(), md5: z.string() }));

function dvc(args: readonly string[], options: CommandOptions): Promise<Outcome> {
  return runCommand(dvcProgram(), args, options).catch((cause: unknown) => {
    throw new StageError("DVC was found neither in .venv nor on the PATH.", {
      hint: `Install it: \`${commandLine("setup")}\`.`,
      cause,
    });
  });
}

const NETWORK = /connect|timed? ?out|resolve|unreachable|network|refused|reset by peer|certificate/i;

function explain(command: string, { stderr, timedOut }: Outcome, files: number): StageError {
  const said = stderr.match(/^ERROR: (?:unexpected error - )?(.+)$/m)?.[1] ?? stderr.trim();
  const why = timedOut ? `nothing came for ${PATIENCE.dvc_s} s` : withoutSecrets(said);
  const message = `${command} failed${files > 0 ? ` after ${files} files` : ""}: ${why}`;
  if (files === 0 && (timedOut || NETWORK.test(why))) return new Unreachable(message, { hint: "Check the network." });
  return new StageError(message, { hint: "Run again; if it stays, choose another data.source in params.yaml." });
}
