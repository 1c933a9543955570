import { spawn } from "node:child_process";
import { fstatSync } from "node:fs";
import { withoutSecrets } from "../../src/runtime/address.mjs";
import { endingSignals, exitCodeOf } from "../../src/runtime/ending-signals.mjs";
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
    const child = spawnHeard(command, args, { cwd: root, env, detached: group });
    for (const signal of endingSignals) {
      process.removeAllListeners(signal);
      process.on(signal, () => {
        if (group && child.pid && child.exitCode === null) process.kill(-child.pid, signal);
        else if (signal !== "SIGINT") child.kill(signal);
      });
    }
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? exitCodeOf(signal ?? "SIGTERM")));
  });
}

/** Milliseconds in which all that a program has written before its end is read. */
const LAST_WORDS_MS = 1000;

/**
 * Starts a program with our input and output. What is no terminal it writes to by way of us: a reader that goes (`npm start | head -1`) or a
 * full disk behind a log would end it, as it does DVC.
 *
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
function spawnHeard(command, args, options) {
  const ways = [process.stdout, process.stderr].map(({ isTTY }) => (isTTY ? "inherit" : "pipe"));
  const together = process.platform !== "win32" && ways.join() === "pipe,pipe" && isSameFile(1, 2);
  const call = together ? { command: "sh", args: ["-c", 'exec "$0" "$@" 2>&1', command, ...args] } : { command, args };
  const child = spawn(call.command, call.args, { ...options, stdio: /** @type {any} */ (["inherit", ...ways]) });
  child.stdout?.on("data", (bytes) => process.stdout.write(bytes));
  child.stderr?.on("data", (bytes) => process.stderr.write(bytes));
  const letGo = () => [child.stdout, child.stderr].forEach((stream) => void stream?.destroy());
  child.once("exit", () => setTimeout(letGo, LAST_WORDS_MS).unref()); // a program that it has left running may hold them
  return child;
}

/** Whether two open files are one, as after `2>&1`: then lines keep their order. @param {number} a @param {number} b */
function isSameFile(a, b) {
  const [one, other] = [fstatSync(a), fstatSync(b)];
  return one.dev === other.dev && one.ino === other.ino;
}
