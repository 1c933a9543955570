import { createHash } from "node:crypto";
import { type FileHandle, open, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { showAddress } from "./address.mjs";
import { writeWhole } from "./atomic-write.ts";
import { StageError } from "./errors.ts";
import { oneLine } from "./printable.mjs";
import { startProgress } from "./progress.ts";
import { reasonOf, request, statusOf } from "./request.ts";

/** What is known of a file before it is downloaded. */
export interface DownloadOptions {
  /** Stands before the progress, e.g. `VGG16 weights`. */
  label: string;
  /** Length of the file. */
  bytes?: number;
  md5?: string;
  sha256?: string;
  /** Milliseconds until the server must have answered, between any two pieces of the file, and before it is held to {@link SLOWEST}. */
  timeouts?: { answer: number; stall: number; grace?: number };
}

const TIMEOUTS = { answer: 10_000, stall: 30_000 };
const GRACE = 60_000;

/** Bytes per second that must come in the mean: who sends a byte now and then would keep us for ever. */
const SLOWEST = 5000;

/** Bytes that are taken from a server that does not say how many will come. */
const MOST = 20e9;

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
    const response = await ask(url, controller.signal);
    clearTimeout(timer);
    timer = giveUp(stall, "nothing received");
    await writeWhole(file, async (partial) => {
      const total = options.bytes ?? (Number(response.headers.get("content-length")) || undefined);
      if (total !== undefined) await checkSpace(url, total, dirname(partial));
      const handle = await open(partial, "wx");
      try {
        await receive(url, response, handle, { ...options, total }, () => timer.refresh());
      } finally {
        await handle.close();
      }
    });
  } finally {
    clearTimeout(timer);
    controller.abort(); // of a body that was refused nothing more is sent
  }
}

async function ask(url: string, signal: AbortSignal): Promise<Response> {
  const refused = (why: string, cause?: unknown) =>
    new DownloadError(`${showAddress(url)}: ${why}.`, { damaged: false, cause });
  const response = await request(url, signal).catch((cause: Error) => {
    throw refused(`no connection (${cause.message})`, cause);
  });
  if (!response.ok) throw refused(`the server answered ${statusOf(response)}`);
  const coding = response.headers.get("content-encoding") ?? "identity";
  if (coding !== "identity")
    throw refused(`the server does not send the file as it is (content-encoding: ${oneLine(coding)})`);
  return response;
}

/** A server may announce more than any disk holds: that is said before the disk is full. */
async function checkSpace(url: string, bytes: number, folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const megabytes = (n: number) => `${Math.ceil(n / 1e6).toLocaleString("en-US")} MB`;
  if (bytes <= bavail * bsize) return;
  throw new StageError(
    `${showAddress(url)}: has ${megabytes(bytes)}; ${megabytes(bavail * bsize)} are free in ${folder}.`,
    {
      hint: "Free some space there, or choose another source.",
    },
  );
}

/** Writes the body of `response` to `handle` and checks it. */
async function receive(
  url: string,
  response: Response,
  handle: FileHandle,
  options: DownloadOptions & { total: number | undefined },
  onPiece: () => void,
): Promise<void> {
  const damaged = (what: string, cause?: unknown) =>
    new DownloadError(`${showAddress(url)}: ${what}.`, { damaged: true, cause });
  const bytes = (n: number) => `${n.toLocaleString("en-US")} bytes`;
  const { total } = options;
  const most = total ?? MOST;
  const started = performance.now();
  const progress = total === undefined ? undefined : startProgress(options.label, total, "bytes");
  const { grace = GRACE } = options.timeouts ?? {};
  const md5 = createHash("md5");
  const sha256 = createHash("sha256");
  const reader = response.body?.getReader();
  let received = 0;
  try {
    for (;;) {
      const piece = await reader?.read().catch((cause: unknown) => {
        throw damaged(`broke off after ${bytes(received)} (${reasonOf(cause)})`, cause);
      });
      if (!piece || piece.done) break;
      onPiece();
      received += piece.value.length;
      if (received > most) throw damaged(`longer than ${total === undefined ? "" : "the expected "}${bytes(most)}`);
      const seconds = (performance.now() - started) / 1000;
      if (seconds > grace / 1000 + received / SLOWEST)
        throw damaged(`too slow: ${bytes(received)} in ${Math.round(seconds)} s`);
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
