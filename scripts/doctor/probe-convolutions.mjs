/*
 * Finds what the convolutions are computed with on a CPU, as a stage would, and prints it as a line of JSON. A process of its own, run
 * with tsx, for an addon that does not fit ends the process that loads it.
 */
import { findAddon } from "../../src/networks/convolution/addon.mjs";
import { compileModule } from "../../src/networks/convolution/module.ts";
import { loadAddon } from "../../src/networks/convolution/native.ts";
import { wantedDevice } from "../../src/runtime/device.ts";

try {
  const device = wantedDevice();
  const file = findAddon();
  const builds = file === undefined ? [] : loadAddon(file).builds;
  const isa = /^native-(.*)/.exec(device)?.[1];
  const native = isa ? builds.find((build) => build === isa) : builds[0];
  const { name } = compileModule(device === "wasm" || device === "wasm-plain" ? device : undefined);
  console.log(JSON.stringify({ device, built: file !== undefined, builds, native, wasm: name }));
} catch (error) {
  console.error(/** @type {Error} */ (error).message);
  process.exitCode = 1;
}
