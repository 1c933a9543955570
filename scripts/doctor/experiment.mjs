import { existsSync } from "node:fs";
import { join, resolve } from "node:path";
import { activated, root } from "../setup/paths.mjs";
import { attempt, lastLines } from "../setup/run.mjs";
import { answer, withoutSecrets } from "./network.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

/** What an experiment reads: parameters, images, weights. @returns {Promise<Finding[]>} */
export async function examineExperiment() {
  const [params, weights] = await Promise.all([
    attempt(process.execPath, ["--import", "tsx", join(root, "scripts", "doctor", "probe-params.mjs")]),
    attempt(process.execPath, ["--import", "tsx", join(root, "scripts", "weights.ts"), "--find-only"], {
      env: activated(),
    }),
  ]);
  return [examineParams(params), await examineImages(params), examineWeights(weights)];
}

/** @typedef {{ok: boolean, stdout: string, output: string}} Result */

/** @param {Result} params @returns {Finding} */
function examineParams({ ok, stdout, output }) {
  const label = "params.yaml";
  if (!ok)
    return { label, text: lastLines(output, 5), fatal: true, remedy: "edit params.yaml, or: git checkout params.yaml" };
  const { poison, seed, train } = JSON.parse(stdout);
  return { label, text: `valid: poison ${poison} %, seed ${seed}, ${train.epochs} epochs` };
}

/** @param {Result} weights @returns {Finding} */
function examineWeights({ ok, stdout, output }) {
  const label = "VGG16 weights";
  if (ok) return { label, text: withoutSecrets(lastLines(stdout, 2)) };
  return { label, text: withoutSecrets(lastLines(output, 6)), remedy: "npm run setup fetches them" };
}

/** Where the images will come from. @param {Result} params @returns {Promise<Finding>} */
async function examineImages({ ok, stdout }) {
  const label = "Images";
  const source = ok ? String(JSON.parse(stdout).data.source) : "auto";
  if (source === "generated") return { label, text: "generated on the spot, as params.yaml says" };
  if (source.startsWith("path:")) {
    const path = source.slice("path:".length);
    if (existsSync(resolve(root, path))) return { label, text: path };
    return { label, text: `${path} does not exist`, fatal: true, remedy: "edit data.source in params.yaml" };
  }
  const mirror = process.env.POISON_MIRROR;
  if (source === "mirror" || (source === "auto" && mirror)) return examineMirror(label, mirror);
  const fault = await reachRegistry();
  if (!fault) return { label, text: "DVC's dataset registry (github.com/iterative/dataset-registry)" };
  if (source === "registry") {
    return {
      label,
      text: `DVC's dataset registry cannot be reached: ${fault}`,
      fatal: true,
      remedy: "mend the network, or set data.source to auto",
    };
  }
  return {
    label,
    text: `generated on the spot, for DVC's dataset registry cannot be reached: ${fault}`,
    remedy: "for photographs: mend the network, set POISON_MIRROR, or data.source to path:FOLDER",
  };
}

/** @param {string} label @param {string | undefined} mirror @returns {Promise<Finding>} */
async function examineMirror(label, mirror) {
  const remedy =
    "set POISON_MIRROR to a folder that has cats-dogs/{train,validation}, or the address of an archive of it";
  if (!mirror) return { label, text: "data.source is mirror, but POISON_MIRROR is not set", fatal: true, remedy };
  if (/^https?:/.test(mirror)) {
    const fault = await answer(mirror, { method: "HEAD" });
    return {
      label,
      text: `the mirror ${withoutSecrets(mirror)}${fault ? `: ${fault}` : ""}`,
      ...(fault && { fatal: true, remedy }),
    };
  }
  const folder = resolve(root, mirror, "cats-dogs");
  if (existsSync(folder)) return { label, text: `the mirror ${folder}` };
  return { label, text: `the mirror has no ${folder}`, fatal: true, remedy };
}

/** Asks the registry as DVC does: through git, with git's proxies and certificates. @returns {Promise<string | undefined>} the fault */
async function reachRegistry() {
  const registry = "https://github.com/iterative/dataset-registry";
  const env = { ...process.env, GIT_TERMINAL_PROMPT: "0" };
  const { ok, output } = await attempt("git", ["ls-remote", "--quiet", registry, "HEAD"], { env, timeout_s: 4 });
  return ok ? undefined : lastLines(output, 1).replace(/^fatal: /, "") || "no answer within 4 s";
}
