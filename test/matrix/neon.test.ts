import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { test } from "node:test";
import { compileKernel } from "../../scripts/setup/convolution-addon.mjs";
import { aptInstall, canAptInstall } from "../../scripts/setup/debian.mjs";
import { attempt, run } from "../../scripts/setup/run.mjs";
import { flags, sources } from "../../src/networks/convolution/addon.mjs";
import { loadConvolution } from "../../src/networks/convolution/convolution.ts";
import { describeNetwork } from "../../src/networks/convolution/network.ts";
import { needs } from "../support/needs.ts";
import { randomNetwork } from "../support/random-network.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

const COMPILER = "aarch64-linux-gnu-g++";
const EMULATOR = "qemu-aarch64";

/** Whether a 64-bit ARM processor can be emulated here, after what it takes has been installed where that can be done. */
async function emulates(): Promise<boolean> {
  const there = async () => {
    const [compiler, emulator] = await Promise.all([COMPILER, EMULATOR].map((name) => attempt(name, ["--version"])));
    return Boolean(compiler?.ok && emulator?.ok);
  };
  if (!(await there()) && (await canAptInstall()))
    await aptInstall(["g++-aarch64-linux-gnu", "libc6-dev-arm64-cross", "qemu-user"], console.log).catch(console.log);
  return there();
}

const withEmulator = needs(await emulates(), `no ${COMPILER} and ${EMULATOR} here`);

test("the NEON build, on an emulated processor, gives WebAssembly's bytes", withEmulator, async (t) => {
  const folder = temporaryFolder(t);
  const kernel = await compileKernel({ compiler: [COMPILER], name: "neon", machine: [], folder });
  const program = join(folder, "run-kernel");
  const driver = "test/matrix/run-kernel.cpp";
  await run(COMPILER, [...flags, "-static", `-I${sources}`, "-DKERNEL=kernel_neon", driver, kernel, "-o", program]);
  for (const sample of [
    randomNetwork(31, 3, [2, 2, 1], [17, 40, 65, 31, 12], 4),
    randomNetwork(44, 3, [2, 3], [64, 64, 128, 128, 96], 3),
  ]) {
    const { layers, blocks, size, images, n } = sample;
    const { description } = describeNetwork(layers, blocks, size);
    const arrays = [Int32Array.of(description.length, n), description];
    const input = [...arrays, ...layers.flatMap(({ filter, bias }) => [filter, bias]), images];
    const emulated = spawnSync(EMULATOR, [program], {
      input: Buffer.concat(
        input.map(({ buffer, byteOffset, byteLength }) => Buffer.from(buffer, byteOffset, byteLength)),
      ),
      maxBuffer: 2 ** 28,
    });
    assert.equal(emulated.status, 0, emulated.stderr.toString());
    const convolution = await loadConvolution(layers, blocks, { size, threads: 1, build: "wasm" });
    const expected = await convolution.features(images, n);
    convolution.close();
    assert.ok(emulated.stdout.equals(new Uint8Array(expected.buffer)));
  }
});
