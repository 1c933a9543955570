import { StageError } from "../../runtime/errors.ts";
import { CLI } from "../../runtime/fork-program.ts";
import { commandLine } from "../../runtime/installation.mjs";
import { runCommand, startCommand } from "../../runtime/run-command.ts";
import { say } from "../../runtime/say.ts";
import type { Finished } from "./results.ts";

const ADDRESS = "http://localhost:5000";
const START_S = 60;

/** A local MLflow server for the time of the sweep; nothing to stop when one was running already. */
export interface Server {
  stop(): Promise<void>;
}

/** Starts `npm run mlflow`'s server unless one answers already, and makes all stages log to it. @param signal ends the start too. */
export async function startMlflow(signal: AbortSignal): Promise<Server> {
  process.env.MLFLOW_TRACKING_URI = ADDRESS;
  if (await answers()) {
    say(`sweep: logging to the MLflow server at ${ADDRESS}`);
    return { stop: async () => {} };
  }
  // A sweep that is stopped still logs what it has finished; then it stops the server itself.
  const server = startCommand(process.execPath, [CLI, "mlflow"], { output: "ignore", survives: true });
  let over = false;
  const ended = server.ended.finally(() => {
    over = true;
  });
  const stop = async () => {
    server.kill("SIGINT");
    await ended;
  };
  for (let waited = 0; waited < START_S && !over && !signal.aborted; waited++) {
    await new Promise((resolve) => setTimeout(resolve, 1000));
    if (await answers()) {
      say(
        `sweep: started MLflow at ${ADDRESS}; it stops with the sweep (${commandLine("mlflow")} shows the runs later)`,
      );
      return { stop };
    }
  }
  await stop();
  if (signal.aborted) return { stop };
  throw new StageError(`--start-mlflow: no server comes up at ${ADDRESS}.`, {
    hint: `Start it to see why: ${commandLine("mlflow")}`,
  });
}

/** Logs what DVC took from its cache instead of running it: `npm run mlflow:sync` leaves alone what the server has already. */
export async function logFinished(finished: readonly Finished[]): Promise<void> {
  const args = [CLI, "mlflow-sync", ...finished.map(({ commit }) => commit)];
  await runCommand(process.execPath, args, { output: "inherit" });
}

const answers = (): Promise<boolean> =>
  fetch(`${ADDRESS}/health`, { signal: AbortSignal.timeout(2000) }).then(
    (response) => response.ok,
    () => false,
  );
