import { cp } from "node:fs/promises";
import { join } from "node:path";
import { activated, program } from "../../scripts/setup/paths.mjs";
import { run } from "../../scripts/setup/run.mjs";
import { createWorkspace } from "./workspace.ts";

/** A workspace that is a DVC repository with one commit, images and features in its cache: only labels, model and plots are missing. */
export async function createRepository(folder: string, data: string, params: Record<string, unknown>): Promise<string> {
  createWorkspace(folder, {}, params);
  for (const item of ["images", "bottleneck"])
    await cp(join(data, item), join(folder, "data", item), { recursive: true });
  // What is there is what they would write.
  return begin(folder, [["commit", "--force", "restore", "extract-bottleneck"]]);
}

/** A workspace that is a DVC repository with one commit and has no data yet. */
export async function createEmptyRepository(folder: string, params: Record<string, unknown>): Promise<string> {
  return begin(createWorkspace(folder, {}, params), []);
}

async function begin(folder: string, dvc: string[][]): Promise<string> {
  const env = { ...activated(), DVC_NO_ANALYTICS: "1" };
  const act = (command: string, ...args: string[]) => run(command, args, { cwd: folder, env });
  await act("git", "init", "--quiet");
  for (const args of [["init", "--quiet"], ...dvc]) await act(program("dvc"), ...args);
  await act("git", "add", "--all");
  const who = ["-c", "user.name=bench", "-c", "user.email=bench@localhost"];
  await act("git", ...who, "commit", "--quiet", "--message", "Begin");
  return folder;
}
