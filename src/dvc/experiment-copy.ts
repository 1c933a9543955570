import { sep } from "node:path";
import { StageError } from "../runtime/errors.ts";
import { askGit } from "./git.ts";
import { pathFault } from "./path-fault.mjs";
import { SHALLOW } from "./repository.mjs";

/** Where DVC lays out the copies of a repository in which `--temp` and the queue run. */
const COPIES = [".dvc", "tmp", "exps", ""].join(sep);

/**
 * DVC fetches an experiment back out of its copy only where the copy's history is whole and its path survives as an address; else it says
 * nothing and ends with 0.
 * @throws StageError in a copy that it will not, before anything is computed.
 */
export async function refuseLostCopy(): Promise<void> {
  const origin = process.env.DVC_ROOT;
  if (origin === undefined || !process.cwd().includes(COPIES)) return;
  const repository = await askGit(origin);
  const fault = repository.kind === "open" && repository.shallow ? SHALLOW : pathFault(origin);
  if (fault) throw new StageError(fault.message, fault);
}
