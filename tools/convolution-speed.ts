/*
 * The convolutions alone, on numbers in memory: `node --import tsx tools/convolution-speed.ts [BUILD]`. For each of our builds that runs
 * here, on one thread and on all: milliseconds to load the weights, images/s of three passes.
 */
import { availableParallelism } from "node:os";
import { runScript } from "../src/commands/script.ts";
import { findAddon } from "../src/networks/convolution/addon.mjs";
import { loadConvolution } from "../src/networks/convolution/convolution.ts";
import { loadAddon } from "../src/networks/convolution/native.ts";
import { vgg16 } from "../src/networks/vgg16/vgg16.ts";
import { Random } from "../src/numbers/random.ts";
import { say } from "../src/runtime/say.ts";
import { loadWeights } from "../src/weights/find.ts";

const SIZE = 150;
/** Batches of a pass. */
const BATCHES = 4;

await runScript("convolution-speed", async () => {
  const { layers } = await loadWeights("vgg16");
  const addon = findAddon();
  const native = addon === undefined ? [] : loadAddon(addon).builds;
  const builds = [
    ...native.map((isa) => ({ name: `native-${isa}`, build: "native", isa }) as const),
    { name: "wasm", build: "wasm" } as const,
    { name: "wasm-plain", build: "wasm-plain" } as const,
  ].filter(({ name }) => process.argv[2] === undefined || name === process.argv[2]);
  for (const { name: _, ...build } of builds)
    for (const threads of [1, availableParallelism()]) {
      const began = performance.now();
      const base = await loadConvolution(layers, vgg16.blocks, { size: SIZE, threads, ...(build as object) });
      const load = performance.now() - began;
      const n = BATCHES * base.batch;
      const random = new Random(1);
      const images = Float32Array.from({ length: n * SIZE * SIZE * 3 }, () => random.float());
      const passes: string[] = [];
      for (let pass = 0; pass < 3; pass++) {
        const start = performance.now();
        await base.features(images, n);
        passes.push(((1000 * n) / (performance.now() - start)).toFixed(1));
      }
      say(`${base.name}: loaded in ${load.toFixed(0)} ms; ${passes.join(", ")} images/s`);
      base.close();
    }
  return 0;
});
