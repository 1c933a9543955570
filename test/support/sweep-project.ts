import { cpSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import { createProject, type Project } from "./project.ts";

/** What Node runs a sweep with. */
export const SWEEP = ["--import", "tsx", "src/commands/sweep.ts"];

/** The small project with the sweep's scripts and the environment they call. */
export function sweepProject(...args: Parameters<typeof createProject>): Project {
  const project = createProject(...args);
  cpSync("scripts", join(project.folder, "scripts"), { recursive: true });
  symlinkSync(resolve(".venv"), join(project.folder, ".venv"));
  return project;
}
