import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { activated, program, root } from "../../scripts/setup/paths.mjs";
import { attempt, lastLines } from "../../scripts/setup/run.mjs";
import { withTemporary } from "../../src/runtime/atomic-write.ts";
import { StageError } from "../../src/runtime/errors.ts";

/** What a program took, and what it said. */
export interface Usage {
  /** From start to end. */
  seconds: number;
  /** Most memory that was resident at once, in the program or one that it started. */
  max_rss_mib: number;
  /** Standard output and error. */
  output: string;
  /** What its progress lines came to. */
  progress: Progressed[];
}

/** The end of a progress line, as runtime/progress.ts logs it. */
export interface Progressed {
  label: string;
  amount: number;
  unit: string;
  seconds: number;
}

/** Variables that would be measured too: a tracking server, and Python compiling all its modules anew each time. */
const UNWANTED = ["MLFLOW_TRACKING_URI", "PYTHONDONTWRITEBYTECODE"];

/**
 * Runs a program in a folder and measures it. @param settings variables of its environment
 * @throws StageError with the last lines of what it said, when it fails.
 */
export async function measure(
  command: readonly string[],
  cwd: string,
  settings: NodeJS.ProcessEnv = {},
): Promise<Usage> {
  const result = join(tmpdir(), `bench-${randomUUID()}.json`);
  const env: NodeJS.ProcessEnv = { ...activated(), DVC_NO_ANALYTICS: "1", ...settings };
  for (const name of UNWANTED) delete env[name];
  const log = `${result}.progress`;
  return withTemporary(log, () =>
    withTemporary(result, async () => {
      const args = [join(root, "tools/bench/measure.py"), result, ...command];
      const { ok, output } = await attempt(program("python"), args, { cwd, env: { ...env, POISON_PROGRESS_LOG: log } });
      if (!ok) throw new StageError(`${command.join(" ")} failed:\n${lastLines(output)}`);
      const lines = (await readFile(log, "utf8").catch(() => "")).split("\n").filter((line) => line !== "");
      return { ...JSON.parse(await readFile(result, "utf8")), output, progress: lines.map((line) => JSON.parse(line)) };
    }),
  );
}

/** Images and seconds of a program's last work on images. */
export function progressOf({ progress, output }: Usage): { images: number; seconds: number } {
  const last = progress.findLast(({ unit }) => unit === "images");
  if (!last) throw new Error(`no progress with images in:\n${output}`);
  return { images: last.amount, seconds: last.seconds };
}

/** What a Python program prints as its last line, in JSON. */
export function answerOf<T>({ output }: Usage): T {
  const line = output
    .trimEnd()
    .split("\n")
    .findLast((text) => text.startsWith("{"));
  if (!line) throw new Error(`no answer in:\n${output}`);
  return JSON.parse(line);
}
