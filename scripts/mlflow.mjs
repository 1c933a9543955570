import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { experimentsLink } from "../src/mlflow/client/links.mjs";
import { endingSignals } from "../src/runtime/ending-signals.mjs";
import { commandLine, installed } from "../src/runtime/installation.mjs";
import { cli } from "./setup/cli.mjs";
import { activated, program, root } from "./setup/paths.mjs";
import { setup } from "./setup/setup.mjs";
import { SetupError } from "./setup/setup-error.mjs";

const help = `${commandLine("mlflow", "[--port PORT]")}

Sets up what is missing, then runs an MLflow server for this machine at http://localhost:5000. Ctrl-C ends it. Runs, artifacts and
models are kept in .mlflow/, which git ignores.

  --port PORT   listen there instead

In another terminal:

  export MLFLOW_TRACKING_URI=http://localhost:5000
  ${commandLine("start", "-S poison=7.5")}`;

await cli(async () => {
  const { values } = arguments_();
  if (values.help) return console.log(help);
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new SetupError(`--port is "${values.port}"; it must be a whole number from 1 to 65535.`);
  if (!(await isFree(port))) {
    throw new SetupError(`port ${port} is taken: something, perhaps an MLflow server, is running there already.`, {
      hint: `open http://localhost:${port} to see what; or choose another port: ${commandLine("mlflow", `--port ${port + 1}`)}`,
    });
  }
  await setup({ mlflow: true });
  const home = join(root, ".mlflow");
  mkdirSync(home, { recursive: true });
  const server = startServer(port, home);
  for (const signal of endingSignals) {
    process.removeAllListeners(signal);
    process.on(signal, server.stop);
  }
  console.log("Starting MLflow …");
  if (await server.up) {
    console.log(`MLflow: ${experimentsLink(`http://localhost:${port}`)}, kept in .mlflow/; Ctrl-C ends it.`);
    console.log(`Stages log there with: export MLFLOW_TRACKING_URI=http://localhost:${port}`);
  }
  return server.ended;
});

/**
 * Starts the server in a process group of its own: Ctrl-C reaches it through us alone, as the SIGTERM that it ends on in order.
 *
 * @param {number} port
 * @param {string} home folder of its database and artifacts
 */
function startServer(port, home) {
  const windows = process.platform === "win32";
  const database = join(home, "mlflow.db").replaceAll("\\", "/");
  const child = spawn(
    installed ? "mlflow" : program("mlflow"),
    [
      ...["server", "--host", "127.0.0.1", "--port", String(port)],
      ...["--workers", "1", "--uvicorn-opts", "--log-level warning"],
      ...["--backend-store-uri", `sqlite:///${database}`, "--artifacts-destination", join(home, "artifacts")],
    ],
    {
      env: {
        ...activated(),
        MLFLOW_SERVER_ENABLE_JOB_EXECUTION: "false", // five more processes, for evaluations of language models
        MLFLOW_DISABLE_TELEMETRY: "true",
        MLFLOW_LOGGING_LEVEL: "WARNING",
        PYTHONWARNINGS: "ignore",
      },
      stdio: ["ignore", "inherit", "inherit"],
      detached: !windows,
    },
  );
  let stopped = false;
  const stop = () => {
    stopped = true;
    if (child.exitCode !== null || child.pid === undefined) return;
    if (windows) child.kill();
    else process.kill(-child.pid, "SIGTERM");
  };
  process.on("exit", stop);
  const ended = new Promise((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(stopped ? 0 : (code ?? 1)));
  });
  const up = Promise.race([ended.then(() => false), answers(`http://127.0.0.1:${port}/health`)]);
  return { up, ended, stop };
}

/** Waits until an address answers. @param {string} url @returns {Promise<true>} */
async function answers(url) {
  for (;;) {
    if (
      await fetch(url).then(
        (response) => response.ok,
        () => false,
      )
    )
      return true;
    await new Promise((resolve) => setTimeout(resolve, 250).unref());
  }
}

function arguments_() {
  try {
    return parseArgs({
      options: { port: { type: "string", default: "5000" }, help: { type: "boolean", short: "h" } },
    });
  } catch (cause) {
    throw new SetupError(/** @type {Error} */ (cause).message, { hint: "--help says what there is", cause });
  }
}

/** Whether nothing listens on a port of this machine. @param {number} port @returns {Promise<boolean>} */
function isFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
