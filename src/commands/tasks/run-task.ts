import { parseArgs } from "node:util";
import { readTask } from "../../runners/round.ts";
import { runScript } from "../script.ts";

/**
 * Runs the task that a runner has handed to this process. With `--tied` it ends when its standard input does: whoever started it is gone
 * then, and somebody else will be given the task.
 */
export const runTask = (name: string, work: (task: unknown) => Promise<void>): Promise<void> =>
  runScript(name, async () => {
    const { values } = parseArgs({
      options: { tasks: { type: "string" }, task: { type: "string" }, tied: { type: "boolean" } },
    });
    if (values.tied)
      process.stdin
        .resume()
        .once("end", () => process.exit(1))
        .unref?.();
    await work(await readTask(values.tasks as string, Number(values.task)));
    if (values.tied) process.stdin.destroy();
    return undefined;
  });
