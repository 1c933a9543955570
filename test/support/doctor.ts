import { cpSync, existsSync, rmSync, symlinkSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Project } from "./project.ts";

/**
 * What the doctor says of a project. What it looks into beside what a copy has is there for so long only: a set-up that a test starts by a
 * fault must not find it complete, and work on what is linked.
 */
export function doctorOf({ folder, run }: Pick<Project, "folder" | "run">): string {
  const lock = join(folder, "package-lock.json");
  cpSync("package-lock.json", lock);
  if (!existsSync(join(folder, ".venv"))) symlinkSync(resolve(".venv"), join(folder, ".venv"));
  const { output } = run("node", "scripts/doctor.mjs");
  rmSync(lock);
  return output;
}
