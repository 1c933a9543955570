import { existsSync, mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { builds, flags, place, sources, sourcesDigest } from "../../src/networks/convolution/addon.mjs";
import { digestOf, stampPlace } from "../../src/runtime/built-addon.mjs";
import { compileAddon, findCompiler, haveCompiler } from "./compiler.mjs";
import { nodeHeaders, root } from "./paths.mjs";
import { attempt, lastLines, run } from "./run.mjs";
import { SetupError } from "./setup-error.mjs";
import { digest, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

/** Where it lies. */
export const output = join(root, place);
const stamp = stampPlace(output);

const inputs = () => digest(sourcesDigest(), process.platform, process.arch);

/** The builds for this machine. */
export const kernels = process.platform === "win32" ? undefined : builds[process.arch];

/**
 * What the stamp says: that it was built, and its digest, or why not. Without a compiler it is not built, nor does the same compiler try again what it
 * could not do.
 * @typedef {{inputs: string, addon?: string, without?: string, compiler?: string}} Stamp
 */

/** @returns {Stamp | undefined} */
const before = () => /** @type {any} */ (readStamp(stamp));

/** Why the addon is not built, where the set-up could not. */
export const whyWithout = () => before()?.without;

/** The addon of the convolutions, compiled once for each kind of processor of this family. @type {import("./step.mjs").Step} */
export const convolutionAddon = {
  name: "Convolutions",
  after: ["Node packages"],
  async done() {
    const last = before();
    if (last?.inputs !== inputs()) return false;
    if (last.without === undefined) return existsSync(output) && last.addon === digestOf(output);
    return !kernels || last.compiler === (await findCompiler())?.version;
  },
  async run(say) {
    removeStamp(stamp);
    rmSync(output, { force: true });
    const compiler = kernels && (await haveCompiler(say));
    const without = kernels
      ? await fault(compiler, kernels)
      : `there is none for ${process.platform} on ${process.arch}`;
    const version = (await findCompiler())?.version;
    const outcome = without === undefined ? { addon: digestOf(output) } : { without, compiler: version };
    writeStamp(stamp, { inputs: inputs(), ...outcome });
    if (without === undefined) return `compiled with ${compiler?.join(" ")}`;
    rmSync(output, { force: true });
    return `not built: ${without}. WebAssembly is used instead: the same, slower.`;
  },
};

/** Builds the addon. @param {string[] | undefined} compiler @param {Record<string, string[]>} kernels @returns what kept it from that */
async function fault(compiler, kernels) {
  if (!compiler) return "there is no C++ compiler (Debian: sudo apt-get install g++)";
  try {
    await build(compiler, kernels);
    await check();
    return undefined;
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return error.message;
  }
}

/** @param {string[]} compiler @param {Record<string, string[]>} kernels */
async function build(compiler, kernels) {
  mkdirSync(dirname(output), { recursive: true });
  const folder = mkdtempSync(join(tmpdir(), "dvc-poison-"));
  try {
    const objects = await Promise.all(
      Object.entries(kernels).map(([name, machine]) => compileKernel({ compiler, name, machine, folder })),
    );
    await compileAddon({
      compiler,
      sources: [join(sources, "addon.cpp")],
      flags: [...flags, "-DNAPI_VERSION=8", `-DSOURCES=${sourcesDigest()}`, `-I${nodeHeaders()}`],
      libraries: [...objects, "-pthread"],
      output,
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * Compiles one build of the kernel. @returns the object file
 * @param {{ compiler: string[], name: string, machine: string[], folder: string }} build
 */
export async function compileKernel({ compiler: [command = "c++", ...first], name, machine, folder }) {
  const object = join(folder, `kernel-${name}.o`);
  const options = [...flags, ...machine, "-fPIC", "-fno-exceptions", "-fno-rtti", `-DKERNEL=kernel_${name}`];
  await run(command, [...first, ...options, "-c", join(sources, "kernel.cpp"), "-o", object]);
  return object;
}

/** Loads it, in a process of its own. */
async function check() {
  const script = `if (!Array.isArray(require(${JSON.stringify(output)}).builds)) process.exit(1);`;
  const { ok, output: printed } = await attempt(process.execPath, ["-e", script], { timeout_s: 60 });
  if (!ok) throw new SetupError(`it was compiled but does not load:\n${lastLines(printed)}`);
}
