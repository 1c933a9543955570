import { type ChildProcess, spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { finished } from "node:stream/promises";
import { endingSignals } from "./ending-signals.mjs";

/** How a command ended. */
export interface Outcome {
  /** Exit code; `null` when it was killed. */
  code: number | null;
  /** Empty when it went to a log or to the terminal. */
  stdout: Buffer;
  stderr: string;
  timedOut: boolean;
}

/** How a command runs. */
export interface CommandOptions {
  cwd?: string;
  /** Default: this process's. */
  env?: NodeJS.ProcessEnv;
  /** Seconds after which it is killed, counted anew whenever `activity` has given another answer. Default: none. */
  limit_s?: number;
  /** How far it has come, asked twice a second; by default a constant, so that `limit_s` is the whole time. */
  activity?: () => Promise<number>;
  /** Ends it as Ctrl-C does, and lets it tidy up. */
  signal?: AbortSignal;
  /** It is not killed when this process is asked to end, only when it ends: `signal`, or whoever started it, ends it. Default: given a signal. */
  survives?: boolean;
  /** What becomes of its output: collected, written to a file, shown on the terminal, or dropped. Default: collected. */
  output?: "collect" | { log: string } | "inherit" | "ignore";
}

/** A command under way. */
export interface Command {
  /** @throws the system's error when the program cannot be started. */
  ended: Promise<Outcome>;
  /** Sends a signal to it and to all that it has started. */
  kill(signal: NodeJS.Signals): void;
}

const POLL_MS = 500;
/** More than this no command of ours prints, so no more of it is kept in memory. */
const MOST_BYTES = 2 ** 28;

/** Runs a program and waits for it. @throws the system's error when it cannot be started. */
export const runCommand = (program: string, args: readonly string[], options?: CommandOptions): Promise<Outcome> =>
  startCommand(program, args, options).ended;

/** Starts a program, in a process group of its own and with nothing on its standard input. It never outlives this process. */
export function startCommand(program: string, args: readonly string[], options: CommandOptions = {}): Command {
  const { cwd, env, signal, survives = signal !== undefined, output = "collect" } = options;
  const sink = output === "inherit" || output === "ignore" ? output : "pipe";
  const child = spawn(program, args, {
    ...(cwd !== undefined && { cwd }),
    ...(env !== undefined && { env }),
    stdio: ["ignore", sink, sink],
    detached: process.platform !== "win32",
  });
  let over = false; // once what it has started is gone too
  const kill = (signal: NodeJS.Signals) => {
    if (child.pid === undefined || over) return;
    try {
      process.kill(process.platform === "win32" ? child.pid : -child.pid, signal);
    } catch {} // it has ended meanwhile
  };
  const forget = remember(() => kill("SIGKILL"), survives);
  const interrupt = () => kill("SIGINT");
  signal?.addEventListener("abort", interrupt, { once: true });
  if (signal?.aborted) interrupt();
  const ended = wait(child, options, () => kill("SIGKILL")).finally(() => {
    over = true;
    forget();
    signal?.removeEventListener("abort", interrupt);
  });
  return { ended, kill };
}

async function wait(child: ChildProcess, options: CommandOptions, kill: () => void): Promise<Outcome> {
  const { limit_s, activity = async () => 0, output } = options;
  const closed = new Promise<number | null>((resolve, reject) => child.once("error", reject).once("close", resolve));
  const log = typeof output === "object" ? createWriteStream(output.log) : undefined;
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
  let bytes = 0;
  for (const name of ["stdout", "stderr"] as const) {
    if (log) child[name]?.pipe(log, { end: false });
    else
      child[name]?.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > MOST_BYTES) kill();
        else chunks[name].push(chunk);
      });
  }
  let timedOut = false;
  let last = 0;
  let moved = Date.now();
  const poll =
    limit_s &&
    setInterval(async () => {
      const now = await activity();
      if (now !== last) [last, moved] = [now, Date.now()];
      if (Date.now() - moved < limit_s * 1000) return;
      timedOut = true;
      kill();
    }, POLL_MS);
  try {
    const code = await closed;
    const stdout = Buffer.concat(chunks.stdout);
    return { code, stdout, stderr: Buffer.concat(chunks.stderr).toString(), timedOut };
  } finally {
    clearInterval(poll || undefined);
    if (log) await finished(log.end());
  }
}

/** What kills the programs under way, and whether they survive that this process is asked to end. */
const running = new Map<() => void, boolean>();
const asked = () => {
  for (const [kill, survives] of running) if (!survives) kill();
};
const exit = () => {
  for (const kill of running.keys()) kill();
};

function remember(kill: () => void, survives: boolean): () => void {
  if (running.size === 0) {
    process.on("exit", exit);
    // Before the runner of a stage tidies up.
    for (const signal of endingSignals) process.prependListener(signal, asked);
  }
  running.set(kill, survives);
  return () => {
    running.delete(kill);
    if (running.size > 0) return;
    process.off("exit", exit);
    for (const signal of endingSignals) process.off(signal, asked);
  };
}
