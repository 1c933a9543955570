import { performance } from "node:perf_hooks";
import { oneLine, printable } from "../../runtime/printable.mjs";
import { duration } from "../../runtime/progress.ts";

/** Tells how far a sweep is: after each experiment a line of what it gave, and one of how long the rest takes. */
export interface SweepProgress {
  /**
   * An experiment has ended.
   * @param said what it gave. @param took_s its seconds; nothing for one that says nothing of the others: the first, which makes what all share, and
   * one whose training DVC had in its cache.
   */
  ended(said: string, took_s?: number): void;
  end(): void;
}

/** Starts it on standard error. @param jobs experiments at the same time. */
export function startSweepProgress(
  total: number,
  jobs: number,
  out: NodeJS.WriteStream = process.stderr,
): SweepProgress {
  const began = performance.now();
  const times: number[] = [];
  let done = 0;
  const clear = out.isTTY ? "\r\x1b[2K" : "";
  return {
    ended(said, took_s) {
      done++;
      if (took_s !== undefined) times.push(took_s);
      out.write(`${clear}${printable(`sweep: ${said}`)}\n`);
      if (done < total) out.write(`${oneLine(describeSweep({ done, total, jobs, times }))}${out.isTTY ? "" : "\n"}`);
    },
    end() {
      const all = (performance.now() - began) / 1000;
      const each = times.length > 0 ? ` (${duration(mean(times))} an experiment)` : "";
      out.write(`${clear}sweep: ${done} experiments in ${duration(all)}${each}\n`);
    },
  };
}

/** `sweep: 3 of 6 experiments, 17 s an experiment, 51 s left`. */
export function describeSweep({
  done,
  total,
  jobs,
  times,
}: {
  done: number;
  total: number;
  jobs: number;
  times: readonly number[];
}): string {
  const of = `sweep: ${done} of ${total} experiments`;
  if (times.length === 0) return of;
  const each = mean(times);
  return `${of}, ${duration(each)} an experiment, ${duration(each * Math.ceil((total - done) / jobs))} left`;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
