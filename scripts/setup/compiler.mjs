import { mkdtempSync, renameSync, rmSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { basename, join } from "node:path";
import { aptInstall } from "./debian.mjs";
import { attempt, run } from "./run.mjs";

/** Commands that may be a C++ compiler. `CXX` may have arguments: `ccache g++`. */
const candidates = () =>
  [process.env.CXX ?? "", "c++", "g++", "clang++"].map((name) => name.split(/\s+/).filter(Boolean));

/**
 * A C++ compiler: `$CXX`, `c++`, `g++` or `clang++`, whichever runs first.
 *
 * @returns {Promise<{command: string[], version: string} | undefined>} the command with its first arguments
 */
export async function findCompiler() {
  for (const [program, ...args] of candidates()) {
    if (!program) continue;
    const { ok, stdout } = await attempt(program, [...args, "--version"]);
    if (ok) return { command: [program, ...args], version: /** @type {string} */ (stdout.split("\n")[0]) };
  }
  return undefined;
}

/**
 * As {@link findCompiler}; on Debian, and as root, g++ is installed when there is none.
 *
 * @param {(text: string) => void} say
 * @returns {Promise<string[] | undefined>} the command with its first arguments
 */
export async function haveCompiler(say) {
  const found = await findCompiler();
  if (found) return found.command;
  return (await aptInstall(["g++", "libc6-dev"], say)) ? (await findCompiler())?.command : undefined;
}

/**
 * Compiles C++ sources, as many at once as there are processors, and links them into a Node addon, which appears under its
 * name only when it is complete. Node-API's headers come from an npm package: neither Node's own headers nor node-gyp is needed.
 *
 * @param {object} addon
 * @param {string[]} addon.compiler
 * @param {string[]} addon.sources
 * @param {string[]} addon.flags for the compiler
 * @param {string[]} addon.libraries for the linker
 * @param {string} addon.output
 */
export async function compileAddon({ compiler: [command = "c++", ...first], sources, flags, libraries, output }) {
  const objects = mkdtempSync(join(tmpdir(), "dvc-poison-"));
  try {
    const object = (/** @type {string} */ source) => join(objects, `${basename(source)}.o`);
    const queue = [...sources];
    const worker = async () => {
      for (let source = queue.shift(); source; source = queue.shift()) {
        const args = [...first, "-O2", "-fPIC", "-Wfatal-errors", ...flags, "-c", source, "-o", object(source)];
        await run(command, args).catch((error) => {
          queue.length = 0;
          throw error;
        });
      }
    };
    const workers = await Promise.allSettled(Array.from({ length: availableParallelism() }, worker));
    for (const ended of workers) if (ended.status === "rejected") throw ended.reason;
    const undefinedLater = process.platform === "darwin" ? ["-undefined", "dynamic_lookup"] : [];
    const partial = `${output}.partial`;
    await run(command, [...first, "-shared", ...undefinedLater, ...sources.map(object), ...libraries, "-o", partial]);
    renameSync(partial, output);
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
}
