/* Compiles the convolutions to WebAssembly: `node --import tsx tools/convolution-wasm.ts` writes src/networks/convolution/*.wasm. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { aptCommand, aptInstall, canAptInstall } from "../scripts/setup/debian.mjs";
import { attempt, run } from "../scripts/setup/run.mjs";

/** The compiler whose bytes are committed: in Debian 12 and in Ubuntu 24.04, the last of its major version in both. */
export const CLANG = { command: "clang++-16", version: "16.0.6", packages: ["clang-16", "lld-16"] };

/** The modules, by file name: with fused multiply-add, for `--experimental-wasm-revectorize`, and without. */
export const MODULES: Record<string, string[]> = {
  "convolution.wasm": ["-mrelaxed-simd"],
  "convolution-wide.wasm": ["-mrelaxed-simd", "-DWIDE"],
  "convolution-plain.wasm": [],
};

const FOLDER = "src/networks/convolution";
const OPTIONS = [
  ...["--target=wasm32", "-std=c++20", "-O3", "-ffp-contract=off", "-fno-exceptions", "-fno-rtti"],
  ...["-ffreestanding", "-nostdlib", "-fuse-ld=lld", "-msimd128", "-mbulk-memory", "-matomics"],
  ...["--no-entry", "--import-memory", "--shared-memory", "--max-memory=4294967296", "--strip-all"].map(
    (o) => `-Wl,${o}`,
  ),
  ...["-Wl,--export=__stack_pointer", "-Wl,-z,stack-size=65536"],
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
export async function compileModule(name: string): Promise<Uint8Array> {
  const folder = mkdtempSync(join(tmpdir(), "dvc-poison-"));
  try {
    const output = join(folder, name);
    await run(CLANG.command, [...OPTIONS, ...(MODULES[name] ?? []), `${FOLDER}/cpp/kernel.cpp`, "-o", output]);
    return new Uint8Array(readFileSync(output));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  if (!(await installClang())) throw new Error(`${CLANG.command} ${CLANG.version}: ${aptCommand(CLANG.packages)}`);
  for (const name of Object.keys(MODULES)) writeFileSync(join(FOLDER, name), await compileModule(name));
}
