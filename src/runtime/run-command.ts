import { spawn } from "node:child_process";

/** How a command ended. */
export interface Outcome {
  /** Exit code; `null` when it was killed. */
  code: number | null;
  stdout: string;
  stderr: string;
  timedOut: boolean;
}

const POLL_MS = 500;

/**
 * Runs a program and waits for it, but not for ever: it is killed, with all that it started, after `limit_s` seconds in which
 * `activity` gave the same answer. It also dies with this process.
 * @param activity how far the program has come, asked twice a second; by default a constant, so `limit_s` is the whole time.
 * @throws the system's error when the program cannot be started.
 */
export async function runCommand(
  program: string,
  args: readonly string[],
  {
    env,
    limit_s,
    activity = async () => 0,
  }: { env: NodeJS.ProcessEnv; limit_s: number; activity?: () => Promise<number> },
): Promise<Outcome> {
  // A process group of its own, so that its children can be killed too.
  const child = spawn(program, args, {
    env,
    stdio: ["ignore", "pipe", "pipe"],
    detached: process.platform !== "win32",
  });
  const outcome: Outcome = { code: null, stdout: "", stderr: "", timedOut: false };
  child.stdout.on("data", (chunk) => (outcome.stdout += chunk));
  child.stderr.on("data", (chunk) => (outcome.stderr += chunk));
  const kill = () => {
    try {
      process.kill(process.platform === "win32" ? (child.pid as number) : -(child.pid as number), "SIGKILL");
    } catch {} // it has ended meanwhile
  };
  const endings = ["SIGINT", "SIGTERM", "exit"];
  for (const ending of endings) (process as NodeJS.EventEmitter).prependOnceListener(ending, kill); // before the runner tidies up
  let last = 0;
  let moved = Date.now();
  const poll = setInterval(async () => {
    const now = await activity();
    if (now !== last) [last, moved] = [now, Date.now()];
    if (Date.now() - moved < limit_s * 1000) return;
    outcome.timedOut = true;
    kill();
  }, POLL_MS);
  try {
    outcome.code = await new Promise((resolve, reject) => child.once("error", reject).once("close", resolve));
    return outcome;
  } finally {
    clearInterval(poll);
    for (const ending of endings) process.off(ending, kill);
  }
}
