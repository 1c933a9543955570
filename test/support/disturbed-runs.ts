import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { setTimeout as sleep } from "node:timers/promises";
import type { Project } from "./project.ts";

/** What runs the pipeline, or a stage of it. */
export interface Victim {
  name: string;
  command: readonly [string, ...string[]];
  /** The outputs it may write, files and folders. */
  outputs: readonly string[];
}

/** How a victim ended, and all that it printed. */
export interface Ended {
  code: number | null;
  signal: NodeJS.Signals | null;
  output: string;
  /** From its start, in milliseconds. */
  took: number;
}

/** The folders in which all outputs of the pipeline lie. */
export const OUTPUT_FOLDERS = ["data", "metrics", "plots"] as const;

/** Starts a victim in a process group of its own, as a shell does; `ended` comes when it and all that has its output has ended. */
export function startVictim({ folder, env }: Project, { command: [program, ...args] }: Victim) {
  const started = performance.now();
  const child = spawn(program, args, { cwd: folder, env, detached: true, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text) => {
      output += text;
    });
  const ended = new Promise<Ended>((settle) =>
    child.once("close", (code, signal) => settle({ code, signal, output, took: performance.now() - started })),
  );
  const exited = new Promise<void>((settle) => child.once("exit", () => settle()));
  return { child, ended, exited };
}

/** Sends a signal to a process alone, as `kill` does, or to all of its group, as a terminal does. */
export function send(child: ChildProcess, signal: NodeJS.Signals, to: "process" | "group"): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  process.kill(to === "group" ? -child.pid : child.pid, signal);
}

/** Waits until no process of the victim's group is left. */
export async function groupEnded({ pid = 0 }: ChildProcess): Promise<void> {
  for (;;) {
    try {
      process.kill(-pid, 0);
    } catch {
      return;
    }
    await sleep(20);
  }
}

/** One digest for a file, or for a folder with all that is in it; nothing when there is none. */
export function digestOf(path: string): string | undefined {
  if (!existsSync(path)) return undefined;
  const hash = createHash("sha256");
  if (!statSync(path).isDirectory()) return hash.update(readFileSync(path)).digest("hex");
  for (const file of filesIn(path))
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(path, file)))
      .update("\0");
  return hash.digest("hex");
}

/** Paths of all files in a folder and below it, sorted. */
export function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  const isFile = (name: string) => !statSync(join(folder, name)).isDirectory();
  return readdirSync(folder, { recursive: true, encoding: "utf8" }).filter(isFile).sort();
}

/** What an undisturbed run has written, kept beside the project. */
export class Snapshot {
  readonly folder: string;
  constructor({ folder }: Project, place: string) {
    this.folder = place;
    for (const part of [...OUTPUT_FOLDERS, "dvc.lock"])
      cpSync(join(folder, part), join(place, part), { recursive: true });
  }

  /** Makes the project's outputs what this run has written. */
  restore({ folder }: Project): void {
    for (const part of [...OUTPUT_FOLDERS, "dvc.lock"]) rmSync(join(folder, part), { recursive: true, force: true });
    for (const part of [...OUTPUT_FOLDERS, "dvc.lock"])
      cpSync(join(this.folder, part), join(folder, part), { recursive: true });
  }

  /** Gives the project one output of this run, or takes the other's away. */
  lend({ folder }: Project, output: string): void {
    rmSync(join(folder, output), { recursive: true, force: true });
    mkdirSync(join(folder, output, ".."), { recursive: true });
    cpSync(join(this.folder, output), join(folder, output), { recursive: true });
  }

  digest(output: string): string | undefined {
    return digestOf(join(this.folder, output));
  }
}
