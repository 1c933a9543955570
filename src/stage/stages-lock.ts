import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { StageError, throwSystemError } from "../runtime/errors.ts";
import { findInstalled } from "../runtime/find-installed.mjs";
import { findUpwards } from "../runtime/find-upwards.mjs";
import { commandLine, home, installed } from "../runtime/installation.mjs";

/** stages.lock.json: a digest a stage, and what it is made of: places, from node_modules if nothing else is said, and versions, by stage. */
const schema = z.object({ packages: z.record(z.string(), z.record(z.string(), z.string())) }).loose();

const FILE = "stages.lock.json";

/** Begins the place of a package that the set-up installs in a folder of its own, with node_modules of its own. */
const BESIDE = /^\.dvc-poison\//;

/** What follows the version of a package that some platforms do without. */
const OPTIONAL = " or absent";

/**
 * Holds what a stage computes with against stages.lock.json, by which DVC knows it: the packages that are installed and, where there is no
 * code of ours to depend on, the digest of this package's code. Others must not run.
 * @throws StageError naming what is missing or another, and what to do.
 */
export function checkPackages(stage: string, file = FILE): void {
  const lock = readLock(file);
  if (installed) checkCode(stage, lock, file);
  for (const [name, locked] of Object.entries(lock?.packages[stage] ?? {})) {
    const version = locked.replace(OPTIONAL, "");
    const found = versionOf(name);
    if (found === version || (found === undefined && locked.endsWith(OPTIONAL))) continue;
    const place = BESIDE.test(name) ? name : `node_modules/${name}`;
    throw new StageError(
      `${place} is ${found ?? "missing"}; ${file}, by which DVC knows this stage, says ${version}.`,
      {
        hint: installed
          ? `Install what it says: \`${BESIDE.test(name) ? commandLine("setup") : `npm install ${name}@${version}`}\`.`
          : "Install what is locked: `npm run setup`. Is the new one meant? `node --import tsx tools/lock-stages.ts` records it.",
      },
    );
  }
}

/** Holds the code of this package against what DVC has recorded of the stage. A stage of somebody's own has no digest here. */
function checkCode(stage: string, lock: Lock | undefined, file: string): void {
  const ours = readLock(join(home, "dist", FILE))?.[stage];
  if (ours === undefined || lock?.[stage] === ours) return;
  const what = lock?.[stage] === undefined ? "does not name this stage" : "is of another version of dvc-poison";
  throw new StageError(`${file}, by which DVC knows the code of ${stage}, ${what}.`, {
    hint: `Renew it: \`${commandLine("init")}\`; then run \`dvc repro\` or \`dvc exp run\`. Or install the version that it is of.`,
  });
}

type Lock = z.infer<typeof schema>;

/** Nothing where there is no such file: a program beside this project's has no lock to hold it against. */
function readLock(file: string): Lock | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return schema.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throwSystemError(cause, file);
    const anew = installed ? commandLine("init") : "node --import tsx tools/lock-stages.ts";
    throw new StageError(`${file}: cannot be read, or is not what it should be.`, {
      hint: `Restore it: \`git checkout ${file}\`, or write it anew: \`${anew}\`.`,
      cause,
    });
  }
}

/** The version of a package, in the nearest node_modules that has it, or where the set-up has put it. */
function versionOf(name: string): string | undefined {
  const place = BESIDE.test(name) ? findInstalled(name) : findUpwards(join("node_modules", name), home);
  try {
    return JSON.parse(readFileSync(join(place ?? name, "package.json"), "utf8")).version;
  } catch {
    return undefined;
  }
}
