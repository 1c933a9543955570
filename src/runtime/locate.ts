import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { resolve } from "node:path";

/**
 * Finds a path that a person has written: `~/` is the home folder, and a relative path counts from the working folder or, when nothing
 * is there, from the repository: `dvc exp run --temp` and the queue work in a copy and name the repository in `DVC_ROOT`.
 * @returns an absolute path, or `undefined` when nothing is there.
 */
export function locate(path: string): string | undefined {
  const expanded = path.replace(/^~(?=\/|$)/, homedir());
  const bases = [process.cwd(), process.env.DVC_ROOT].filter((base) => base !== undefined);
  return bases.map((base) => resolve(base, expanded)).find((candidate) => existsSync(candidate));
}
