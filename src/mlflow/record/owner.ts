import { readFileSync } from "node:fs";
import { hostname } from "node:os";
import { z } from "zod";

export const ownerSchema = z.object({
  pid: z
    .int()
    .min(1)
    .max(2 ** 31 - 1),
  host: z.string(),
  started: z
    .string()
    .optional()
    .describe("when it was started, where the system tells (Linux): process numbers are used again"),
});

/** Which process keeps a record. */
export type Owner = z.infer<typeof ownerSchema>;

/** On another machine a process counts as gone when it has written nothing for this long. */
const SILENCE_MS = 3_600_000;

/** This process. */
export const thisProcess = (): Owner => ({ pid: process.pid, host: hostname(), started: startOf(process.pid) });

/** Whether a process still runs. @param lastSign when it last wrote, milliseconds since 1970. */
export function isAlive({ pid, host, started }: Owner, lastSign: number): boolean {
  if (host !== hostname()) return Date.now() - lastSign < SILENCE_MS;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false; // EPERM: it is another user's
  }
  return startOf(pid) === started && !isZombie(pid);
}

/** Start of a process in ticks since this boot, and the boot (https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html). */
function startOf(pid: number): string | undefined {
  const ticks = statOf(pid)?.[19];
  return ticks && `${ticks} ${readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim()}`;
}

/** A killed process that its parent has not yet taken notice of. */
const isZombie = (pid: number): boolean => statOf(pid)?.[0] === "Z";

/** The fields after the program's name, which may hold blanks. */
function statOf(pid: number): string[] | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
