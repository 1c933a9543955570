/* Compiles the arithmetic of the network and of training to WebAssembly: `node --import tsx tools/wasm.ts` writes the committed modules. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { aptCommand, aptInstall, canAptInstall } from "../scripts/setup/debian.mjs";
import { attempt, run } from "../scripts/setup/run.mjs";

/** The compiler whose bytes are committed: in Debian 12 and in Ubuntu 24.04, the last of its major version in both. */
export const CLANG = { command: "clang++-16", version: "16.0.6", packages: ["clang-16", "lld-16"] };

/** A module: its source, and options of its own. */
interface Module {
  source: string;
  options: readonly string[];
}

const CONVOLUTION = "src/networks/convolution/cpp/kernel.cpp";

/** The modules by the files that they are committed as: the convolutions with fused multiply-add, for `--experimental-wasm-revectorize`, and without; products of matrices; training. */
export const MODULES: Record<string, Module> = {
  "src/networks/convolution/convolution.wasm": {
    source: CONVOLUTION,
    options: ["-mrelaxed-simd", "-Wl,--export=__stack_pointer", "-Wl,-z,stack-size=65536"],
  },
  "src/networks/convolution/convolution-wide.wasm": {
    source: CONVOLUTION,
    options: ["-mrelaxed-simd", "-DWIDE", "-Wl,--export=__stack_pointer", "-Wl,-z,stack-size=65536"],
  },
  "src/networks/convolution/convolution-plain.wasm": {
    source: CONVOLUTION,
    options: ["-Wl,--export=__stack_pointer", "-Wl,-z,stack-size=65536"],
  },
  // Its threads share all memory and have no stack of their own: its functions are inlined and do without one.
  "src/kernels/wasm/products.wasm": { source: "src/kernels/wasm/cpp/kernel.cpp", options: ["-Wl,-z,stack-size=0"] },
  "src/train/wasm/train.wasm": { source: "src/train/wasm/cpp/kernel.cpp", options: ["-Wl,-z,stack-size=0"] },
};

const OPTIONS = [
  ...["--target=wasm32", "-std=c++20", "-O3", "-ffp-contract=off", "-fno-exceptions", "-fno-rtti"],
  ...["-ffreestanding", "-nostdlib", "-fuse-ld=lld", "-msimd128", "-mbulk-memory", "-matomics"],
  ...["--no-entry", "--import-memory", "--shared-memory", "--max-memory=4294967296", "--strip-all"].map(
    (o) => `-Wl,${o}`,
  ),
];

/** Whether the compiler is there, in the version whose bytes are committed. */
export async function haveClang(): Promise<boolean> {
  const { ok, output } = await attempt(CLANG.command, ["--version"]);
  return ok && output.includes(`version ${CLANG.version}`);
}

/** Installs the compiler where that can be done. @returns whether it is there */
export async function installClang(say: (text: string) => void = console.log): Promise<boolean> {
  if (!(await haveClang()) && (await canAptInstall()))
    await aptInstall(CLANG.packages, say).catch((error) => say(error.message));
  return haveClang();
}

/** Compiles one of {@link MODULES}. @throws SetupError with the compiler's complaints. */
export async function compileModule({ source, options }: Module): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "dvc-poison-"));
  try {
    const output = join(folder, "module.wasm");
    await run(CLANG.command, [...OPTIONS, ...options, source, "-o", output]);
    return new Uint8Array(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (!(await installClang())) throw new Error(`${CLANG.command} ${CLANG.version}: ${aptCommand(CLANG.packages)}`);
  for (const [file, module] of Object.entries(MODULES)) writeFileSync(file, await compileModule(module));
}
