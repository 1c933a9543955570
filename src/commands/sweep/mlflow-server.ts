import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:net";
import { join } from "node:path";
import { readAddress } from "../../mlflow/client/address.ts";
import { readVersion } from "../../mlflow/client/version.mjs";
import { StageError } from "../../runtime/errors.ts";
import { CLI } from "../../runtime/fork-program.ts";
import { commandLine } from "../../runtime/installation.mjs";
import { startCommand } from "../../runtime/run-command.ts";
import { say } from "../../runtime/say.ts";

/** Where `npm run mlflow` listens; the next ones where something else does. */
const PORTS = Array.from({ length: 20 }, (_, i) => 5000 + i);
/** What it prints. */
const LOG = join(".mlflow", "server.log");
/** Seconds that it may take: a first start sets up its database, on a slow disk for minutes. */
const START_S = 600;
/** Seconds after which a word is said, each time. */
const WORD_S = 30;

/** A local MLflow server for the time of the sweep; nothing to stop when it was running already, or is somebody else's. */
export interface Server {
  stop(): Promise<void>;
}

const NOTHING: Server = { stop: async () => {} };

/**
 * Starts `npm run mlflow`'s server unless one answers already, and makes all stages log to it. A MLFLOW_TRACKING_URI that is set stays: where it
 * names this machine, the server starts there. @param signal ends the start too.
 */
export async function startMlflow(signal: AbortSignal): Promise<Server> {
  const chosen = process.env.MLFLOW_TRACKING_URI ? chosenAddress() : await freeAddress();
  process.env.MLFLOW_TRACKING_URI ||= chosen.base;
  if (chosen.port === undefined || (await isMlflow(chosen.base))) {
    say(`sweep: logging to the MLflow server at ${chosen.base}${chosen.why}`);
    return NOTHING;
  }
  await mkdir(".mlflow", { recursive: true });
  // A sweep that is stopped still logs what it has finished; then it stops the server itself.
  const args = [CLI, "mlflow", "--port", String(chosen.port)];
  const server = startCommand(process.execPath, args, { output: { log: LOG }, survives: true });
  let over = false;
  const ended = server.ended.finally(() => {
    over = true;
  });
  const stop = async () => {
    server.kill("SIGINT");
    await ended;
  };
  for (let waited_s = 1; waited_s <= START_S && !over && !signal.aborted; waited_s++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (await isMlflow(chosen.base)) {
      const later = commandLine("mlflow", chosen.port === PORTS[0] ? "" : `--port ${chosen.port}`);
      say(`sweep: started MLflow at ${chosen.base}${chosen.why}; it stops with it (${later} shows the runs later)`);
      return { stop };
    }
    if (waited_s % WORD_S === 0) say(`sweep: MLflow is starting since ${waited_s} s; what it says: ${LOG}`);
  }
  await stop();
  if (signal.aborted) return NOTHING;
  throw new StageError(`--start-mlflow: no server comes up at ${chosen.base}: ${await lastWords()}`, {
    hint: `All that it said: ${LOG}. Mend that, or sweep without --start-mlflow.`,
  });
}

/** An address, and the port to start a server at where that can be done; why it is this one. */
interface Chosen {
  base: string;
  port?: number;
  why: string;
}

/** The user's own: its port where it names this machine and no path. */
function chosenAddress(): Chosen {
  const { base } = readAddress();
  const { protocol, hostname, port, pathname } = new URL(base);
  const here = protocol === "http:" && ["localhost", "127.0.0.1"].includes(hostname) && pathname === "/";
  const why = ", as MLFLOW_TRACKING_URI says";
  return here ? { base, port: Number(port || 80), why } : { base, why: `${why}; none is started` };
}

/** The first place where MLflow answers, or nobody does. */
async function freeAddress(): Promise<Chosen> {
  for (const port of PORTS) {
    const base = `http://localhost:${port}`;
    const why = port === PORTS[0] ? "" : ` (something else listens at port ${PORTS[0]})`;
    if ((await isFree(port)) || (await isMlflow(base))) return { base, port, why };
  }
  throw new StageError(`--start-mlflow: something listens at every port from ${PORTS[0]} to ${PORTS.at(-1)}.`, {
    hint: "export MLFLOW_TRACKING_URI=http://localhost:PORT, of a port that is free: the server starts there.",
  });
}

/** Whether an MLflow answers: other programs know `/health` too. */
const isMlflow = (base: string): Promise<boolean> =>
  fetch(`${base}/version`, { signal: AbortSignal.timeout(2000) })
    .then(async (answer) => answer.ok && readVersion(await answer.text()) !== undefined)
    .catch(() => false);

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}

async function lastWords(): Promise<string> {
  const lines = (await readFile(LOG, "utf8").catch(() => "")).trim().split("\n");
  return lines.findLast((line) => /error[:)]/i.test(line)) || lines.at(-1) || "it said nothing.";
}
