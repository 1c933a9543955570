import { NETWORKS, networkName } from "../networks/index.ts";
import { loadBase } from "../networks/load-base.ts";
import { withPool } from "../networks/pool.ts";
import { StageError } from "../runtime/errors.ts";
import { commandLine } from "../runtime/installation.mjs";
import { oneLine } from "../runtime/printable.mjs";
import { startProgress } from "../runtime/progress.ts";
import { hand, say, warn } from "../runtime/say.ts";
import { loadWeights } from "../weights/find.ts";
import { parseFlags } from "./flags.ts";
import { type Classification, classifyImages } from "./predict/classify.ts";
import { findImages } from "./predict/find-images.ts";
import { readModel } from "./predict/load-model.ts";
import { runScript } from "./script.ts";
import { textTable } from "./table.ts";

const help = `${commandLine("predict", "IMAGE… [--model FOLDER] [--json]")}

Classifies images with a trained model. An IMAGE may be a folder: all images anywhere in it. An image that cannot be read is
named and passed over; the exit code is then 1.

  --model FOLDER   the model, as train-top writes it; default data/model
  --json           a list of {image, class, probability, probabilities}, or {image, error}, on standard output`;

/** From so many images on there is a progress line. */
const MANY = 33;

await runScript("predict", async () => {
  const { values: flags, positionals } = parseFlags({
    allowPositionals: true,
    options: {
      model: { type: "string", default: "data/model" },
      json: { type: "boolean" },
      help: { type: "boolean", short: "h" },
    },
  });
  if (flags.help) return void say(help);
  if (positionals.length === 0)
    throw new StageError("name at least one image or folder.", { hint: "--help says more." });
  const files = await findImages(positionals);
  const model = await readModel(flags.model);
  const network = networkName(model.base, flags.model);
  const base = withPool(
    await loadBase(NETWORKS[network], await loadWeights(network), model.image.size),
    model.pool ?? "none",
  );

  const results: Classification[] = [];
  const refused: { image: string; error: string }[] = [];
  const progress = files.length >= MANY ? startProgress("predict", files.length, "images") : undefined;
  const refuse = ({ message }: Error, image: string) => void refused.push({ image, error: message });
  for await (const batch of classifyImages(base, model, files, refuse)) {
    results.push(...batch);
    progress?.advance(batch.length);
  }
  progress?.end();
  base.close();
  for (const { error } of refused) warn(`predict: ${oneLine(error)}`);
  if (flags.json) await hand(JSON.stringify([...results, ...refused], null, 1));
  else if (results.length > 0) await hand(table(results));
  return refused.length > 0 ? 1 : 0;
});

function table(results: readonly Classification[]): string {
  const rows = results.map((result) => [result.image, result.class, result.probability.toFixed(4)]);
  return textTable([["image", "class", "probability"], ...rows], "llr");
}
