import { spawn } from "node:child_process";
import { constants } from "node:os";
import { withoutSecrets } from "../../src/runtime/address.mjs";
import { root } from "./paths.mjs";
import { SetupError } from "./setup-error.mjs";

/** The programs that run, and whether {@link endPrograms} spares them. @type {Map<import("node:child_process").ChildProcess, boolean>} */
const children = new Map();
process.on("exit", () => {
  for (const child of children.keys()) child.kill();
});
let ending = false;

/**
 * Ends the programs that {@link attempt} runs, and lets it begin no other until `unwound` has ended: each is an error there.
 *
 * @param {() => Promise<unknown>} unwound
 */
export async function endPrograms(unwound) {
  ending = true;
  for (const [child, spared] of children) if (!spared) child.kill();
  await unwound().finally(() => {
    ending = false;
  });
}

/**
 * @typedef {object} Options
 * @property {string} [cwd] default: the project's folder
 * @property {NodeJS.ProcessEnv} [env] default: this process's environment
 * @property {number} [timeout_s] after which the program is killed
 * @property {boolean} [spared] whether it goes on when something beside it has failed
 */

/**
 * Runs a program with nothing on its standard input and collects what it prints. A program that cannot be started is `ok: false`
 * with the reason as its output; an error is that the set-up has failed elsewhere.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Options} [options]
 * @returns {Promise<{ok: boolean, stdout: string, output: string}>} `output` is stdout and stderr as they came
 */
export function attempt(command, args, { cwd = root, env = process.env, timeout_s, spared = false } = {}) {
  return new Promise((resolve, reject) => {
    if (ending) throw new Error(ENDED);
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    children.set(child, spared);
    // Not spawn's own `timeout`: it keeps this process waiting when the program does not exist.
    const timer = timeout_s && setTimeout(() => child.kill("SIGKILL"), timeout_s * 1000);
    let stdout = "";
    let output = "";
    child.stdout.setEncoding("utf8").on("data", (text) => {
      stdout += text;
      output += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
    const end = (/** @type {boolean} */ ok) => {
      children.delete(child);
      clearTimeout(timer);
      if (ending) reject(new Error(ENDED));
      else resolve({ ok, stdout, output });
    };
    child.on("error", (error) => {
      output += error.message;
      end(false);
    });
    child.on("close", (code) => end(code === 0));
  });
}

/** No SetupError: nothing that catches those may go on with something else. */
const ENDED = "ended, for another part of the set-up has failed";

/**
 * As {@link attempt}, but a failure is a `SetupError` that ends with the last lines the program printed.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {Options & {hint?: string}} [options]
 */
export async function run(command, args, { hint, ...options } = {}) {
  const result = await attempt(command, args, options);
  if (!result.ok) {
    throw new SetupError(`${[command, ...args].join(" ")} failed:\n${withoutSecrets(lastLines(result.output))}`, {
      hint,
    });
  }
  return result;
}

/** The end of a program's output, where the reason for its failure stands. @param {string} output */
export const lastLines = (output, count = 20) => output.trim().split("\n").slice(-count).join("\n");

/**
 * Gives the terminal to a program until it ends: its input and output are ours, the signals that we get are for it.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {Promise<number>} its exit code
 */
export function passOn(command, args, env = process.env) {
  // Ctrl-C in a terminal reaches the program and all that it has started. Without one that is our part, through a process
  // group: DVC itself takes no notice of an interrupt while a stage runs.
  const group = !process.stdin.isTTY && process.platform !== "win32";
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: "inherit", detached: group });
    for (const signal of endingSignals) {
      process.removeAllListeners(signal);
      process.on(signal, () => {
        if (group && child.pid && child.exitCode === null) process.kill(-child.pid, signal);
        else if (signal !== "SIGINT") child.kill(signal);
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? "SIGTERM"]));
  });
}

/** What asks a program to end. */
export const endingSignals = /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"]);
