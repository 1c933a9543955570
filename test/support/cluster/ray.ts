import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import type { TestContext } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { rayPython } from "../../../src/runners/ray.ts";
import { freePort } from "../mlflow/real-server.ts";

/** Whether Ray is installed; `setup --ray` does that. */
export const rayThere = (): boolean => rayPython() !== undefined;

/**
 * Starts a Ray cluster on this machine, which asks for a token and ends with the test.
 * @param cpus of it. @returns what a driver needs in its environment.
 */
export async function startRay(t: TestContext, cpus = 2): Promise<NodeJS.ProcessEnv> {
  const python = rayPython() as string;
  const ray = join(dirname(python), "ray");
  const folder = mkdtempSync("/tmp/ray-"); // its sockets' paths must be short
  const token = { RAY_AUTH_TOKEN: "0123456789abcdef".repeat(4) };
  const env = { ...process.env, ...token, RAY_AUTH_MODE: "token" };
  const port = await freePort();
  const ports = {
    "node-manager": await freePort(),
    "object-manager": await freePort(),
  };
  const args = [
    "start",
    "--head",
    "--block",
    `--port=${port}`,
    ...Object.entries(ports).map(([name, port]) => `--${name}-port=${port}`),
    `--temp-dir=${folder}`,
    `--num-cpus=${cpus}`,
    "--include-dashboard=false",
    "--disable-usage-stats",
    `--object-store-memory=${100 * 2 ** 20}`,
  ];
  const child = spawn(ray, args, { env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let said = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  t.after(async () => {
    try {
      process.kill(-(child.pid as number), "SIGTERM");
    } catch {} // it has ended meanwhile
    for (let i = 0; i < 100 && child.exitCode === null && child.signalCode === null; i++) await sleep(100);
    rmSync(folder, { recursive: true, force: true });
  });
  const address = `127.0.0.1:${port}`;
  for (let i = 0; i < 60 && child.exitCode === null; i++) {
    if (spawnSync(ray, ["status", `--address=${address}`], { env }).status === 0)
      return { ...token, RAY_ADDRESS: address };
    await sleep(1000);
  }
  throw new Error(`Ray does not come up: ${said}`);
}
