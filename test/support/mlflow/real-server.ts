import { type ChildProcess, execFile, spawn } from "node:child_process";
import { mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";

/** What `verify.py` prints of a run. */
export interface FoundRun {
  id: string;
  name: string;
  status: string;
  seconds: number;
  params: Record<string, string>;
  tags: Record<string, string>;
  /** [step, value] of all points. */
  metrics: Record<string, [number, number][]>;
  /** [name, digest, context]. */
  datasets: [string, string, string][];
  models: string[];
  artifacts: string[];
}

/** What `verify.py` prints of a model. */
export interface FoundModel {
  probabilities: number[];
  same_by_run: boolean;
  example_is_first_row: boolean;
  signature: { inputs: string; outputs: string };
  classes: string[];
  status: string;
  metrics: Record<string, number>;
  /** Digests of the data sets that its metrics name, by the last word of their names. */
  datasets: Record<string, string>;
  versions: [string, number][];
}

/** What `verify.py` prints of a model's answer to a picture. */
export interface FoundAnswer {
  class: string;
  probability: number;
  probabilities: number[];
  signature: { inputs: string; outputs: string };
}

/** A real MLflow server, sqlite and artifacts in a folder of its own. */
export interface RealMlflow {
  uri: string;
  /** Its database and artifacts. */
  folder: string;
  /** What MLflow's Python client finds there; of one run also what its model predicts for the features in a .npy file. */
  verify(
    experiment: string,
    model?: { run: string; features: string },
  ): Promise<{ runs: FoundRun[]; model: FoundModel }>;
  /** What it finds the model of one run, the whole network, to make of a picture. */
  show(experiment: string, run: string, picture: string): Promise<FoundAnswer>;
  stop(): Promise<void>;
}

/** Artifacts behind the server. */
const STORE = ["--artifacts-destination", "FOLDER/artifacts"];

/**
 * Starts `mlflow server` and waits until it answers.
 * @param options.bin folder of a Python environment's programs: server and client are of its version. @param options.store arguments that
 * say where artifacts lie; FOLDER in them is the server's own folder.
 */
export async function realMlflow({ bin = ".venv/bin", store = STORE } = {}): Promise<RealMlflow> {
  const folder = mkdtempSync(join(tmpdir(), "dvc-poison-mlflow-"));
  const port = await freePort();
  const uri = `http://127.0.0.1:${port}`;
  const log = join(folder, "log");
  const output = openSync(log, "w");
  const child = spawn(
    `${bin}/mlflow`,
    [
      ...["server", "--host", "127.0.0.1", "--port", String(port), "--workers", "1"],
      ...["--backend-store-uri", `sqlite:///${folder}/mlflow.db`],
      ...store.map((argument) => argument.replace("FOLDER", folder)),
    ],
    {
      env: { ...process.env, MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false", MLFLOW_DISABLE_TELEMETRY: "true" },
      stdio: ["ignore", output, output],
      detached: true,
    },
  );
  const kill = () => endGroup(child, "SIGKILL");
  process.once("exit", kill);
  while (
    !(await fetch(`${uri}/health`).then(
      ({ ok }) => ok,
      () => false,
    ))
  ) {
    if (child.exitCode !== null) throw new Error(readFileSync(log, "utf8"));
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  const ask = async (...args: string[]) => {
    const all = ["test/support/mlflow/verify.py", uri, ...args];
    const { stdout } = await promisify(execFile)(`${bin}/python`, all, { maxBuffer: 2 ** 26 });
    return JSON.parse(stdout.trim().split("\n").at(-1) as string);
  };
  return {
    uri,
    folder,
    verify: (experiment, model) => ask(experiment, ...(model ? [model.run, model.features] : [])),
    show: async (experiment, run, picture) => (await ask(experiment, run, picture)).model,
    async stop() {
      const ended = new Promise((resolve) => child.once("close", resolve));
      endGroup(child, "SIGTERM");
      await ended;
      process.off("exit", kill);
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function endGroup({ pid, exitCode }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined && exitCode === null) process.kill(-pid, signal);
}

/** A port that nobody listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
