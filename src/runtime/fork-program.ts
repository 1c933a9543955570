import { type ChildProcess, fork } from "node:child_process";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { StageError } from "./errors.ts";
import { home } from "./installation.mjs";

/** What starts our programs by their names. */
export const CLI = join(home, "scripts", "cli.mjs");

/**
 * Asks another program of the project (scripts/programs/programs.mjs), named by its source, one question: a process of its own, to which
 * and from which bytes travel as bytes. It answers with {@link answerOnce}, and is gone when the answer is there.
 * @throws StageError when it ends without an answer.
 */
export function askProgram<Q extends object, A>(source: URL, question: Q): Promise<A> {
  const name = basename(fileURLToPath(source), ".ts");
  return ask(fork(CLI, [name], { execArgv: [], serialization: "advanced" }), name, question);
}

/** Asks a process that has just been started. */
export async function ask<Q extends object, A>(child: ChildProcess, name: string, question: Q): Promise<A> {
  try {
    return await new Promise<A>((resolve, reject) => {
      child.once("message", (message) => resolve(message as A));
      // Its end, when all that it has sent is heard too: its exit can overtake that.
      child.once("close", (code, signal) => reject(unanswered(name, signal ?? `exit code ${code}`)));
      child.on("error", reject);
      // It cannot be told when it has ended at once: then its end says more.
      child.send(question, () => {});
    });
  } finally {
    if (child.connected) child.disconnect();
  }
}

const unanswered = (name: string, how: string): StageError =>
  new StageError(`${name} ended without an answer: ${how}.`, {
    hint: "Run again; where memory is short, the system ends a program by SIGKILL.",
  });

/** Answers the one question that {@link askProgram} asks, and ends this process when the answer is heard, or nobody wants it any more. */
export function answerOnce<Q, A extends object>(answer: (question: Q) => Promise<A>): void {
  // Not before: an exit can overtake what is still on its way.
  process.once("disconnect", () => process.exit());
  process.once("message", async (question: Q) => {
    // What cannot be sent is not waited for: who asked hears the end instead.
    process.send?.(await answer(question), (error: Error | null) => error && process.exit(1));
  });
}
