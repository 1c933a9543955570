import { accessSync, constants, existsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { commandLine } from "./installation.mjs";

/*
 * What the operating system refuses, in words: disk, memory, rights, limits. Plain JavaScript: the set-up meets it before any package is
 * installed.
 */

const again = "then run again.";
const space = `Free some space (\`df -h\` says where there is none, \`dvc gc --all-experiments\` drops unused cache), ${again}`;
const rights = `Check who owns it (\`ls -ld\`), ${again}`;
const place = `Look what lies there, ${again}`;
const memory = `Raise the limit (\`ulimit -v unlimited\`; of a container: its memory) or end other programs, ${again}`;

/** What happened and what to do about it, by the system's code. @type {Record<string, [reason: string, hint: string]>} */
const REASONS = {
  ENOSPC: ["No space is left on the disk", space],
  EDQUOT: ["The disk quota is used up", space],
  EFBIG: ["The file would be larger than is allowed", `Raise the limit: \`ulimit -f unlimited\`; ${again}`],
  EACCES: ["Permission was refused", rights],
  EPERM: ["The system does not allow it", rights],
  EROFS: ["The file system is read-only", `Name a place that can be written, or mount it so; ${again}`],
  EMFILE: ["No more files may be open at once", `Raise the limit: \`ulimit -n 1024\`; ${again}`],
  ENFILE: ["The machine has no more files to open", `End other programs, ${again}`],
  ENOMEM: ["The memory does not suffice", memory],
  EAGAIN: [
    "No more processes or threads may be started",
    `Raise the limit (\`ulimit -u\`) or end other programs, ${again}`,
  ],
  ENOENT: ["A file or folder is not there", place],
  ENOTDIR: ["A part of the path is a file and no folder", place],
  EISDIR: ["A folder lies where a file should", place],
  ELOOP: ["Links lead in a circle", place],
  ENAMETOOLONG: ["The name is longer than the file system takes", `Use a shorter path, ${again}`],
  EBUSY: ["Another program keeps it busy", `End that program, ${again}`],
  ETXTBSY: ["It is a program that runs", `End that program, ${again}`],
  EIO: ["The disk could not be read or written", `Look after the disk (\`dmesg\`), ${again}`],
  ESTALE: ["The file server has forgotten the file", `Mount it anew, ${again}`],
};

/** How JavaScript, WebAssembly and C++ say that there is no memory. */
const MEMORY =
  /\b(array buffer allocation failed|invalid array buffer length|out of memory|(could not|cannot|failed to) allocate|bad_alloc|unable to allocate)/i;
const MEMORY_CODES = ["ERR_WORKER_OUT_OF_MEMORY", "ERR_MEMORY_ALLOCATION_FAILED"];

/** How libraries say that no thread may be started, and libvips that no file may be opened or memory had. */
const THREADS = /\b(creating thread|thread constructor failed|resource temporarily unavailable)/i;

/** What the machine, or a limit on this process, does not give: no file is to blame. */
const SHORTAGES = ["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"];
const SHORTAGE =
  /\b(too many open files|vips_tracked: out of memory|cannot allocate memory|array buffer allocation failed)/i;

/** With fewer files than this Node cannot load all packages at once, and says of some that they are not there. */
const FEW_FILES = 256;

/** Causes that are looked through. */
const DEPTH = 8;

/**
 * What a person can do about an error of the operating system, or about one that such an error has caused.
 *
 * @param {unknown} error
 * @param {string} [file] what was worked on: some errors do not say
 * @returns {{message: string, hint: string} | undefined} nothing for any other
 */
export function explainSystem(error, file) {
  for (const each of within(error)) {
    const found = explainOne(/** @type {NodeJS.ErrnoException & {dest?: string}} */ (each), file);
    if (found) return found;
  }
  return undefined;
}

/**
 * Whether an error says that the machine, or a limit on this process, gave too little: then what was worked on need not be at fault.
 *
 * @param {unknown} error
 */
export const isShortage = (error) =>
  [...within(error)].some(
    (each) =>
      SHORTAGES.includes(/** @type {NodeJS.ErrnoException} */ (each).code ?? "") ||
      THREADS.test(each.message) ||
      SHORTAGE.test(each.message),
  );

/** @param {NodeJS.ErrnoException & {dest?: string}} error @param {string} [file] */
function explainOne({ code = "", syscall = "", path, dest, message }, file) {
  if (MEMORY_CODES.includes(code) || MEMORY.test(message)) return worded("ENOMEM", unwrapped(message));
  if (code === "" && THREADS.test(message)) return worded("EAGAIN", message);
  if (/too many open files/i.test(message) && !Object.hasOwn(REASONS, code)) return worded("EMFILE", message);
  if (code === "ERR_MODULE_NOT_FOUND" && hasFewFiles()) return worded("EMFILE", message);
  const inWorker = code === "ERR_WORKER_INIT_FAILED" ? /\bE[A-Z]+\b/.exec(message)?.[0] : undefined;
  const cause = inWorker ?? code;
  if (!Object.hasOwn(REASONS, cause)) return undefined;
  const where = [path, dest].filter((each) => each !== undefined).join(" → ");
  if (cause === "ENOENT" && /^spawn/.test(syscall))
    return {
      message: `The program ${path} was not found.`,
      hint: `\`${commandLine("doctor")}\` says what is missing.`,
    };
  // Of a folder that cannot be made Node says that it is not there.
  const refused = cause === "ENOENT" && path !== undefined ? whyNotWritable(path) : undefined;
  return worded(refused ?? cause, where || file || message);
}

/** Whether a limit on this process explains that Node has not found a package. */
function hasFewFiles() {
  const { userLimits } = /** @type {{userLimits?: {open_files?: {soft?: number | string}}}} */ (
    process.report.getReport()
  );
  return Number(userLimits?.open_files?.soft) < FEW_FILES;
}

/** What Emscripten wraps an error in. @param {string} message */
const unwrapped = (message) => message.replace(/^Aborted\((.*)\)\. Build with -sASSERTIONS.*$/s, "$1");

/** @param {string} code @param {string} where */
function worded(code, where) {
  const [reason, hint] = /** @type {[string, string]} */ (REASONS[code]);
  return { message: `${reason}: ${where.trim().replace(/\.$/, "")}.`, hint };
}

/** Why nothing can be made at a path that is not there, if so. @param {string} path */
function whyNotWritable(path) {
  let folder = resolve(path);
  while (!existsSync(folder) && dirname(folder) !== folder) folder = dirname(folder);
  try {
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const { code = "" } = /** @type {NodeJS.ErrnoException} */ (error);
    return Object.hasOwn(REASONS, code) ? code : undefined;
  }
  return undefined;
}

/**
 * The error and those behind it: its cause, and the two of which one came while the other was tidied up.
 *
 * @param {unknown} error
 * @returns {Generator<Error>}
 */
function* within(error, depth = 0) {
  if (!(error instanceof Error) || depth > DEPTH) return;
  yield error;
  const { cause, error: later, suppressed, errors } = /** @type {any} */ (error);
  for (const behind of [cause, suppressed, later, ...(Array.isArray(errors) ? errors : [])])
    yield* within(behind, depth + 1);
}
