/*
 * Finds what the convolutions are computed with on a CPU, as a stage would, and prints it as a line of JSON. A process of its own, for an
 * addon that does not fit ends the process that loads it.
 */
import { findAddon } from "../../networks/convolution/addon.mjs";
import { compileModule } from "../../networks/convolution/module.ts";
import { loadAddon } from "../../networks/convolution/native.ts";
import { wantedDevice } from "../../runtime/device.ts";
import { say } from "../../runtime/say.ts";
import { runScript } from "../script.ts";

await runScript(undefined, async () => {
  const device = wantedDevice();
  const file = findAddon();
  const builds = file === undefined ? [] : loadAddon(file).builds;
  const isa = /^native-(.*)/.exec(device)?.[1];
  const native = isa ? builds.find((build) => build === isa) : builds[0];
  const { name } = compileModule(device === "wasm" || device === "wasm-plain" ? device : undefined);
  say(JSON.stringify({ device, built: file !== undefined, builds, native, wasm: name }));
  return undefined;
});
