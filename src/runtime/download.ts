import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { writeWhole } from "./atomic-write.ts";
import { StageError } from "./errors.ts";
import { startProgress } from "./progress.ts";

/** What is known of a file before it is downloaded. */
export interface DownloadOptions {
  /** Stands before the progress, e.g. `VGG16 weights`. */
  label: string;
  /** Length of the file. */
  bytes?: number;
  md5?: string;
  sha256?: string;
  /** Milliseconds until the server must have answered, and between any two pieces of the file. */
  timeouts?: { answer: number; stall: number };
}

const TIMEOUTS = { answer: 10_000, stall: 30_000 };

/** A download that failed. `damaged`: the server has the file, but it came broken; otherwise it could not be had at all. */
export class DownloadError extends StageError {
  readonly damaged: boolean;

  constructor(message: string, { damaged, cause }: { damaged: boolean; cause?: unknown }) {
    super(message, { hint: "Check the network and the address.", cause });
    this.damaged = damaged;
  }
}

/**
 * Downloads `url` to `file`, which appears only when all of it has come and length and checksums are right.
 * @throws DownloadError naming the address and what was wrong.
 */
export async function download(url: string, file: string, options: DownloadOptions): Promise<void> {
  const { answer, stall } = options.timeouts ?? TIMEOUTS;
  const controller = new AbortController();
  const giveUp = (ms: number, silence: string) =>
    setTimeout(() => controller.abort(new Error(`${silence} for ${ms / 1000} s`)), ms);
  let timer = giveUp(answer, "no answer");
  try {
    const response = await request(url, controller.signal);
    clearTimeout(timer);
    timer = giveUp(stall, "nothing received");
    await writeWhole(file, async (partial) => {
      const handle = await open(partial, "wx");
      try {
        await receive(url, response, handle, options, () => timer.refresh());
      } finally {
        await handle.close();
      }
    });
  } finally {
    clearTimeout(timer);
    controller.abort(); // of a body that was refused nothing more is sent
  }
}

async function request(url: string, signal: AbortSignal): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { signal, headers: { "accept-encoding": "identity" } }); // or the length would not be the file's
  } catch (cause) {
    throw new DownloadError(`${url}: no connection (${reason(cause)}).`, { damaged: false, cause });
  }
  if (!response.ok)
    throw new DownloadError(`${url}: the server answered ${response.status} ${response.statusText}.`, {
      damaged: false,
    });
  return response;
}

/** Writes the body of `response` to `handle` and checks it. */
async function receive(
  url: string,
  response: Response,
  handle: FileHandle,
  options: DownloadOptions,
  onPiece: () => void,
): Promise<void> {
  const damaged = (what: string, cause?: unknown) => new DownloadError(`${url}: ${what}.`, { damaged: true, cause });
  const bytes = (n: number) => `${n.toLocaleString("en-US")} bytes`;
  const total = options.bytes ?? (Number(response.headers.get("content-length")) || undefined);
  const progress = total === undefined ? undefined : startProgress(options.label, total, "bytes");
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  const reader = response.body?.getReader();
  let received = 0;
  try {
    for (;;) {
      const piece = await reader?.read().catch((cause: unknown) => {
        throw damaged(`broke off after ${bytes(received)} (${reason(cause)})`, cause);
      });
      if (!piece || piece.done) break;
      onPiece();
      received += piece.value.length;
      if (total !== undefined && received > total) throw damaged(`longer than the expected ${bytes(total)}`);
      if (options.md5) md5.update(piece.value);
      if (options.sha256) sha256.update(piece.value);
      await handle.appendFile(piece.value);
      progress?.advance(piece.value.length);
    }
  } finally {
    progress?.end();
  }
  if (total !== undefined && received < total) throw damaged(`ended after ${bytes(received)} of ${bytes(total)}`);
  const check = (name: string, found: string, expected: string) => {
    if (found !== expected) throw damaged(`${name} is ${found}, expected ${expected}`);
  };
  if (options.md5) check("MD5", md5.digest("hex"), options.md5);
  if (options.sha256) check("SHA-256", sha256.digest("hex"), options.sha256);
}

/** `fetch` hides what happened in `cause`. */
function reason(error: unknown): string {
  const { cause = error } = error as Error;
  const { code, message } = cause as NodeJS.ErrnoException;
  return code ?? message ?? String(cause);
}
