import { commandLine } from "../../src/runtime/installation.mjs";
import { kernels, whyWithout } from "../setup/convolution-addon.mjs";
import { ours } from "../setup/paths.mjs";
import { attempt, lastLines } from "../setup/run.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

const label = "Convolutions";

/** What computes the network on a CPU: a build of the addon, or WebAssembly, and why. @returns {Promise<Finding>} */
export async function examineConvolutions() {
  const probe = [ours("scripts", "cli.mjs"), "probe-convolutions"];
  const { ok, stdout, output } = await attempt(process.execPath, probe, { timeout_s: 60 });
  const remedy = `${commandLine("setup")}${process.env.POISON_DEVICE ? ", or unset POISON_DEVICE" : ""}`;
  if (!ok) return { label, text: `do not compute: ${lastLines(output, 3)}`, fatal: true, remedy };
  /** @type {{device: string, built: boolean, builds: string[], native?: string, wasm: string}} */
  const { device, built, builds, native, wasm } = JSON.parse(lastLines(stdout, 1));
  const asked = device.startsWith("native") || device.startsWith("wasm") ? `, as POISON_DEVICE=${device} says` : "";
  if (device.startsWith("wasm")) return { label, text: `${wasm}${asked}` };
  if (native) return { label, text: `native ${native}${asked}` };
  const why = built
    ? `the native addon has no such build for this processor${asked}; it has ${builds.join(", ") || "none"}`
    : `the native addon is not built: ${lastLines(whyWithout() ?? "it was never tried", 3)}`;
  if (device.startsWith("native")) return { label, text: why, fatal: true, remedy };
  const mendable = !built && kernels !== undefined;
  return {
    label,
    text: `${wasm}; ${why}`,
    ...(mendable && { remedy: `the same results, but slower: ${commandLine("setup")} says what the addon needs` }),
  };
}
