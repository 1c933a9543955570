import { type ChildProcess, fork } from "node:child_process";
import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const starter = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "scripts", "cli.mjs");

/** Starts another program of the project (scripts/programs/programs.mjs), named by its source: a process that is spoken to by messages, in which bytes travel as bytes. */
export const forkProgram = (source: URL): ChildProcess =>
  fork(starter, [basename(fileURLToPath(source), ".ts")], { execArgv: [], serialization: "advanced" });
