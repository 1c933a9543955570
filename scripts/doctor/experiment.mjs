import { withoutSecrets } from "../../src/runtime/address.mjs";
import { commandLine, installed } from "../../src/runtime/installation.mjs";
import { activated, ours } from "../setup/paths.mjs";
import { attempt, lastLines } from "../setup/run.mjs";
import { answer } from "./network.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */
/** @typedef {{ok: boolean, stdout: string, output: string}} Result */

/** What an experiment reads: parameters, images, weights. @returns {Promise<Finding[]>} */
export async function examineExperiment() {
  const program = (/** @type {string[]} */ ...args) =>
    attempt(process.execPath, [ours("scripts", "cli.mjs"), ...args], { env: activated(), timeout_s: 60 });
  const [experiment, weights] = await Promise.all([
    program("probe-experiment").then(async (probe) => [
      examineParams(probe),
      ...(probe.ok ? [await examineImages(JSON.parse(lastLines(probe.stdout, 1)))] : []),
    ]),
    program("weights", "--find-only").then(examineWeights),
  ]);
  return [...experiment, weights];
}

/** @param {Result} probe @returns {Finding} */
function examineParams({ ok, stdout, output }) {
  const label = "params.yaml";
  if (!ok) {
    const [text = "", hint] = lastLines(output, 5).split("\n  → ");
    const remedy = installed ? `edit it, or: ${commandLine("init")}` : "edit params.yaml, or: git checkout params.yaml";
    return { label, text, fatal: true, remedy: hint ?? remedy };
  }
  const { poison, seed, train } = JSON.parse(lastLines(stdout, 1)).params;
  return { label, text: `valid: poison ${poison} %, seed ${seed}, ${train.epochs} epochs` };
}

/** @param {Result} weights @returns {Finding} */
function examineWeights({ ok, stdout, output }) {
  const label = "VGG16 weights";
  if (ok) return { label, text: lastLines(stdout, 1) };
  return { label, text: withoutSecrets(lastLines(output, 6)), remedy: `${commandLine("setup")} fetches them` };
}

/**
 * Where the images will come from.
 *
 * @param {object} probe what src/commands/probes/experiment.ts found
 * @param {{data: {source: string}}} probe.params
 * @param {string} probe.registry
 * @param {string} [probe.folder] of the user's images or the mirror's, as it was written
 * @param {string} [probe.found] its absolute path, where there is one
 * @returns {Promise<Finding>}
 */
async function examineImages({ params, registry, folder, found }) {
  const label = "Images";
  const { source } = params.data;
  const mirror = process.env.POISON_MIRROR;
  if (source === "generated") return { label, text: "drawn on the spot, as params.yaml says" };
  if (source.startsWith("path:")) {
    if (found) return { label, text: found };
    return { label, text: `there is no ${folder}`, fatal: true, remedy: "correct data.source in params.yaml" };
  }
  if (source === "mirror" || (source === "auto" && mirror)) {
    const fault = await examineMirror(mirror, folder, found);
    const text = withoutSecrets(`the mirror ${found ?? mirror ?? ""}`);
    if (!fault) return { label, text };
    return {
      label,
      text: `${text}: ${fault}`,
      fatal: true,
      remedy: "correct POISON_MIRROR, or unset it to use another source",
    };
  }
  const fault = await reachRegistry(registry);
  const text = `DVC's dataset registry, ${withoutSecrets(registry)}`;
  if (!fault) return { label, text };
  if (source === "registry") {
    return { label, text: `${text}: ${fault}`, fatal: true, remedy: "mend the network, or set data.source to auto" };
  }
  return {
    label,
    text: `drawn on the spot, for DVC's dataset registry cannot be reached: ${fault}`,
    remedy: "for photographs: mend the network, set POISON_MIRROR, or data.source to path:FOLDER",
  };
}

/**
 * @param {string | undefined} mirror
 * @param {string | undefined} folder
 * @param {string | undefined} found
 * @returns {Promise<string | undefined>} the fault
 */
async function examineMirror(mirror, folder, found) {
  if (!mirror) return "data.source is mirror, but POISON_MIRROR is not set";
  if (/^https?:/.test(mirror)) return reachMirror(mirror);
  return found ? undefined : `there is no ${withoutSecrets(folder ?? "")}, neither a folder nor an archive`;
}

/** Asks a mirror for its archive, under each name that it may have. @param {string} url @returns {Promise<string | undefined>} the fault */
async function reachMirror(url) {
  const endings = /\.(tar|tar\.gz|tgz|zip)$/i.test(url)
    ? [""]
    : ["/cats-dogs.tar.gz", "/cats-dogs.zip", "/cats-dogs.tar"];
  const faults = await Promise.all(
    endings.map((ending) => answer(url.replace(/\/+$/, "") + ending, { method: "HEAD" })),
  );
  return faults.includes(undefined) ? undefined : faults[0];
}

/** Asks the registry as DVC does: through git, with its proxies and certificates. @param {string} registry @returns {Promise<string | undefined>} the fault */
async function reachRegistry(registry) {
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  const { ok, output } = await attempt("git", ["ls-remote", "--quiet", registry, "HEAD"], { env, timeout_s: 4 });
  return ok ? undefined : withoutSecrets(lastLines(output, 1).replace(/^fatal: /, "")) || "no answer within 4 s";
}
