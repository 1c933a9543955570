import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { StageError } from "../runtime/errors.ts";
import { findUpwards } from "../runtime/find-upwards.mjs";

/** stages.lock.json: a digest a stage, and what it is made of: places in node_modules and versions, by stage. */
const schema = z.object({ packages: z.record(z.string(), z.record(z.string(), z.string())) }).loose();

/** What follows the version of a package that some platforms do without. */
const OPTIONAL = " or absent";

/**
 * Holds the installed packages that a stage computes with against stages.lock.json: DVC records the locked ones, so others must not run.
 * @throws StageError naming the first package that is missing or another.
 */
export function checkPackages(stage: string, file = "stages.lock.json"): void {
  const here = dirname(fileURLToPath(import.meta.url));
  const modules = findUpwards("node_modules", here) ?? join(here, "node_modules");
  for (const [place, locked] of Object.entries(lockedPackages(stage, file))) {
    const version = locked.replace(OPTIONAL, "");
    const installed = versionOf(join(modules, place));
    if (installed === version || (installed === undefined && locked.endsWith(OPTIONAL))) continue;
    throw new StageError(
      `node_modules/${place} is ${installed ?? "missing"}; ${file}, by which DVC knows this stage, says ${version}.`,
      {
        hint: "Install what is locked: `npm run setup`. Is the new one meant? `node --import tsx tools/lock-stages.ts` records it.",
      },
    );
  }
}

/** Nothing where there is no such file, or it does not know the stage: a program beside this project's has no lock to hold it against. */
function lockedPackages(stage: string, file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8"))).packages[stage] ?? {};
  } catch (cause) {
    throw new StageError(`${file}: cannot be read, or is not what it should be.`, {
      hint: "Restore it: `git checkout stages.lock.json`, or write it anew: `node --import tsx tools/lock-stages.ts`.",
      cause,
    });
  }
}

function versionOf(place: string): string | undefined {
  try {
    return JSON.parse(readFileSync(join(place, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}
