import { createHash } from "node:crypto";
import { closeSync, constants, ftruncateSync, openSync, readFileSync, statSync, writeSync } from "node:fs";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";

/*
 * Locks that the operating system keeps and that die with their process, however it ends: there is no stale one, and so nobody who takes one
 * over. Linux has sockets in a name space of their own, Windows named pipes, BSD and macOS files that are opened locked. They hold between
 * the processes of a machine. Plain JavaScript: the set-up takes one before any package is installed.
 */

/** `open` takes the lock, or fails, on BSD and macOS (https://man.freebsd.org/cgi/man.cgi?open). Node has no name for it. */
const O_EXLOCK = 0x20;

/** Milliseconds in which the holder of a lock answers; it may be computing. */
const PATIENCE_MS = 3000;

/** Where no socket may be made there is no lock, as in some sandboxes. */
const FORBIDDEN = ["EACCES", "EPERM", "EAFNOSUPPORT", "EOPNOTSUPP", "ENOSYS"];

/**
 * Takes the lock of a file or folder, which need not be there; its folder must. It is kept until it is released or the process has ended.
 *
 * @param {string} path
 * @param {string} holder told to those who ask with {@link askHolder}
 * @returns {Promise<(() => void) | undefined>} what releases it; nothing when another has it
 */
export async function takeLock(path, holder) {
  const place = placeOf(path);
  return isSocket ? listen(place, holder) : openLocked(place, holder);
}

/**
 * What the holder of a lock says of itself; nothing when nobody has it any more, or is too busy to answer.
 *
 * @param {string} path
 * @returns {Promise<string | undefined>}
 */
export async function askHolder(path) {
  const place = placeOf(path);
  const answer = isSocket ? await ask(place) : readFileSync(place, "utf8");
  return answer || undefined;
}

const isSocket = ["linux", "win32"].includes(process.platform);

/** The folder counts, not the way to it: links and mounts lead to the same lock. @param {string} path */
function placeOf(path) {
  const { dev, ino } = statSync(dirname(path), { bigint: true });
  const digest = createHash("sha256")
    .update(`${dev}:${ino}:${basename(path)}`)
    .digest("hex")
    .slice(0, 32);
  const name = `dvc-poison-${digest}`;
  if (process.platform === "linux") return `\0${name}`;
  return process.platform === "win32" ? `\\\\.\\pipe\\${name}` : join(tmpdir(), `${name}.lock`);
}

/** @param {string} address @param {string} holder @returns {Promise<(() => void) | undefined>} */
const listen = (address, holder) =>
  new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on("error", () => {}); // who asked is gone
      socket.unref().end(holder);
    });
    server.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else if (FORBIDDEN.includes(error.code ?? "")) resolve(() => {});
      else reject(error);
    });
    server.listen(address, () => {
      server.unref();
      resolve(() => void server.close());
    });
  });

/** @param {string} address @returns {Promise<string>} */
const ask = (address) =>
  new Promise((resolve) => {
    let answer = "";
    const socket = connect(address);
    socket.setEncoding("utf8").setTimeout(PATIENCE_MS, () => socket.destroy());
    socket.on("data", (text) => {
      answer += text;
    });
    socket.on("error", () => {}).on("close", () => resolve(answer));
  });

/** @param {string} file @param {string} holder @returns {(() => void) | undefined} */
function openLocked(file, holder) {
  let handle;
  try {
    handle = openSync(file, constants.O_RDWR | constants.O_CREAT | constants.O_NONBLOCK | O_EXLOCK);
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EAGAIN") return undefined;
    throw error;
  }
  ftruncateSync(handle);
  writeSync(handle, holder);
  return () => closeSync(handle);
}
