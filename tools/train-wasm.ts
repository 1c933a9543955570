/* Compiles the arithmetic of training from AssemblyScript: `node --import tsx tools/train-wasm.ts` writes src/train/wasm/train.wasm. */
import { writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import asc from "assemblyscript/asc";

const OPTIONS = [
  ...["-O3", "--converge", "--noAssert"],
  ...["--enable", "simd,threads", "--importMemory", "--sharedMemory", "--maximumMemory", "65536"],
  ...["--runtime", "stub", "--use", "abort="],
];

/** The WebAssembly module, as it is committed. @throws Error with the compiler's complaints. */
export async function compileTrainWasm(): Promise<Uint8Array> {
  let binary: Uint8Array | undefined;
  const args = ["src/train/wasm/assembly/index.ts", "--outFile", "kernel.wasm", ...OPTIONS];
  const { error, stderr } = await asc.main(args, {
    writeFile(_name, contents) {
      binary = contents as Uint8Array;
    },
  });
  if (error || !binary) throw new Error(`AssemblyScript: ${error?.message ?? "nothing compiled"}\n${stderr}`);
  return binary;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href)
  writeFileSync("src/train/wasm/train.wasm", await compileTrainWasm());
