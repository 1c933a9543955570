import { existsSync } from "node:fs";
import { run } from "./run.mjs";

/** pip's settings, and what uv calls them. */
const uvNames = {
  "index-url": "UV_DEFAULT_INDEX",
  "extra-index-url": "UV_INDEX",
  "find-links": "UV_FIND_LINKS",
  "no-index": "UV_NO_INDEX",
  "trusted-host": "UV_INSECURE_HOST",
  cert: "SSL_CERT_FILE",
  proxy: "ALL_PROXY",
};

/**
 * uv does not read pip's configuration, so this hands it over: whoever has taught pip the way to a package index need not teach
 * uv as well. What the environment already says to uv stays.
 *
 * @param {string} pip the program
 * @returns {Promise<NodeJS.ProcessEnv>} an environment for uv
 */
export async function uvEnvironment(pip) {
  return { ...parsePipConfig((await run(pip, ["config", "list"])).stdout), ...process.env };
}

/**
 * @param {string} list what `pip config list` prints: lines such as `global.index-url='https://…'`, later sections
 *   (`install`, `:env:`) over earlier ones
 */
export function parsePipConfig(list) {
  /** @type {Record<string, string>} */
  const environment = {};
  for (const line of list.split("\n")) {
    const [, key, value] = line.match(/^[^.]+\.([\w-]+)='(.*)'$/) ?? [];
    const name = uvNames[/** @type {keyof typeof uvNames} */ (key)];
    if (!name || !value) continue;
    const words = value.split(/\\n|\s+/).filter(Boolean);
    // pip passes over a folder of wheels that isn't there, uv stops.
    const kept = key === "find-links" ? words.filter((word) => word.includes("://") || existsSync(word)) : words;
    environment[name] = kept.join(name === "UV_FIND_LINKS" ? "," : " ");
    // Every version is pinned with its hash, so taking it from whichever index has it is safe.
    if (name === "UV_INDEX") environment.UV_INDEX_STRATEGY = "unsafe-best-match";
  }
  return environment;
}
