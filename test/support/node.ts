import { type ExecFileException, execFile } from "node:child_process";
import { pathToFileURL } from "node:url";
import { root } from "../../scripts/setup/paths.mjs";

/** The address of a module of the set-up, as text of a program. @param module `lock.mjs` */
export const setupUrl = (module: string): string =>
  JSON.stringify(pathToFileURL(`${root}/scripts/setup/${module}`).href);

/** Runs Node in the project's folder and returns what came of it, whatever it was. */
export function node(args: string[], env: NodeJS.ProcessEnv = process.env) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, args, { cwd: root, env }, (error: ExecFileException | null, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}
