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
}

/** Variables that would be measured too: a tracking server, and Python compiling all its modules anew each time. */
const UNWANTED = ["MLFLOW_TRACKING_URI", "PYTHONDONTWRITEBYTECODE"];

/**
 * Runs a program in a folder and measures it.
 * @throws StageError with the last lines of what it said, when it fails.
 */
export async function measure(command: readonly string[], cwd: string): Promise<Usage> {
  const result = join(tmpdir(), `bench-${randomUUID()}.json`);
  const env: NodeJS.ProcessEnv = { ...activated(), DVC_NO_ANALYTICS: "1" };
  for (const name of UNWANTED) delete env[name];
  return withTemporary(result, async () => {
    const args = [join(root, "tools/bench/measure.py"), result, ...command];
    const { ok, output } = await attempt(program("python"), args, { cwd, env });
    if (!ok) throw new StageError(`${command.join(" ")} failed:\n${lastLines(output)}`);
    return { ...JSON.parse(await readFile(result, "utf8")), output };
  });
}

/** Amount and seconds of a program's own progress line: `20,000 images in 39 s (509.3 images/s)`. */
export function progressOf({ output }: Usage): { images: number; seconds: number } {
  const [, images, speed] = [...output.matchAll(/([\d,]+) images in .*\(([\d.]+) images\/s\)/g)].at(-1) ?? [];
  if (!images || !speed) throw new Error(`no progress line in:\n${output}`);
  const count = Number(images.replaceAll(",", ""));
  return { images: count, seconds: count / Number(speed) };
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
