import { appendFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { oneLine, printable } from "./printable.mjs";

/** A line that shows how far long work is, at what speed, and how long it still takes. */
export interface Progress {
  advance(by?: number): void;
  /** Prints a line of its own, above the progress line. */
  note(text: string): void;
  /** Ends the line; prints the total and the mean speed. */
  end(): void;
}

const REDRAW_MS = { terminal: 100, log: 10_000 };

/**
 * Starts a progress line on standard error: redrawn in place on a terminal, a new line every 10 s in a log.
 * Where `POISON_PROGRESS_LOG` names a file, the end is also written there, a JSON object a line: for programs that measure this one.
 * @param unit plural noun, e.g. `images`; with `bytes`, amounts are shown in MB.
 */
export function startProgress(
  label: string,
  total: number,
  unit: string,
  out: NodeJS.WriteStream = process.stderr,
): Progress {
  const started = performance.now();
  const every = out.isTTY ? REDRAW_MS.terminal : REDRAW_MS.log;
  let done = 0;
  let drawn = started;
  const draw = (line: string, last: boolean) => {
    const text = oneLine(line);
    if (out.isTTY) out.write(`\r\x1b[2K${text.slice(0, (out.columns || 80) - 1)}${last ? "\n" : ""}`);
    else out.write(`${text}\n`);
  };
  return {
    advance(by = 1) {
      done += by;
      const now = performance.now();
      if (now - drawn < every) return;
      drawn = now;
      draw(`${label}: ${describeProgress(done, total, unit, (now - started) / 1000)}`, false);
    },
    note(text) {
      out.write(`${out.isTTY ? "\r\x1b[2K" : ""}${printable(`${label}: ${text}`)}\n`);
    },
    end() {
      const seconds = (performance.now() - started) / 1000;
      draw(`${label}: ${amount(done, unit)} in ${duration(seconds)} (${speed(done / seconds, unit)})`, true);
      const log = process.env.POISON_PROGRESS_LOG;
      if (log) appendFileSync(log, `${JSON.stringify({ label, amount: done, unit, seconds })}\n`);
    },
  };
}

/** `1,200 of 2,800 images (43 %), 12.3 images/s, 2 min 10 s left`. */
export function describeProgress(done: number, total: number, unit: string, seconds: number): string {
  const left = done > 0 ? `, ${duration((seconds / done) * (total - done))} left` : "";
  const of =
    unit === "bytes" ? `${amount(done, unit)} of ${amount(total, unit)}` : `${grouped(done)} of ${amount(total, unit)}`;
  return `${of} (${Math.floor((100 * done) / total)} %), ${speed(done / seconds, unit)}${left}`;
}

/** Seconds in words: `4 s`, `2 min 10 s`, `1 h 5 min`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

const grouped = (n: number): string => n.toLocaleString("en-US");
const amount = (n: number, unit: string): string =>
  unit === "bytes" ? `${(n / 1e6).toFixed(1)} MB` : `${grouped(n)} ${unit}`;
const speed = (n: number, unit: string): string =>
  unit === "bytes" ? `${(n / 1e6).toFixed(1)} MB/s` : `${n.toFixed(n < 100 ? 1 : 0)} ${unit}/s`;
