/**
 * Finds the weights of VGG16, fetching them if need be, and checks them.
 * node --import tsx src/commands/weights.ts [--find-only]
 * The last line on standard output is the name of the file that holds them.
 */
import { explainSystemError, StageError } from "../runtime/errors.ts";
import { printableBug, say, sayError } from "../runtime/say.ts";
import { loadWeights } from "../weights/find.ts";

const flags = process.argv.slice(2);
process.once("SIGINT", () => process.exit(130)); // what is half fetched is removed on exit
process.once("SIGTERM", () => process.exit(143));
try {
  const unknown = flags.find((flag) => flag !== "--find-only");
  if (unknown) throw new StageError(`weights: unknown argument ${unknown}.`, { hint: "The only one is --find-only." });
  const { origin, file } = await loadWeights("vgg16", { fetch: flags.length === 0 });
  say(`VGG16 weights: from ${origin}, every tensor's checksum is right`);
  say(file);
} catch (thrown) {
  const error = explainSystemError(thrown);
  if (!(error instanceof StageError)) throw printableBug(error);
  sayError(error);
  process.exitCode = 1;
}
