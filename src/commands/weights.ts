/**
 * Finds the weights of VGG16, fetching them if need be, and checks them.
 * node --import tsx src/commands/weights.ts [--find-only]
 * The last line on standard output is the name of the file that holds them.
 */
import { StageError } from "../runtime/errors.ts";
import { say } from "../runtime/say.ts";
import { loadWeights } from "../weights/find.ts";
import { runScript } from "./script.ts";

await runScript(undefined, async () => {
  const flags = process.argv.slice(2);
  const unknown = flags.find((flag) => flag !== "--find-only");
  if (unknown) throw new StageError(`weights: unknown argument ${unknown}.`, { hint: "The only one is --find-only." });
  const { origin, file } = await loadWeights("vgg16", { fetch: flags.length === 0 });
  say(`VGG16 weights: from ${origin}, every tensor's checksum is right`);
  say(file);
  return 0;
});
