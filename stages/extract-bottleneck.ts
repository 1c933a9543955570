import { mkdir } from "node:fs/promises";
import { extractFeatures } from "../src/extract/collect.ts";
import { NETWORKS, type NetworkName } from "../src/networks/index.ts";
import { loadBase } from "../src/networks/load-base.ts";
import { writeFeatureMetadata } from "../src/records/features/features-metadata.ts";
import { listImages } from "../src/records/format/image-folder.ts";
import { readDataset } from "../src/records/images/dataset.ts";
import { say } from "../src/runtime/say.ts";
import { input, output, runStage } from "../src/stage/run-stage.ts";
import { loadWeights } from "../src/weights/find.ts";

await runStage({
  describe: "Compute the bottleneck features of all images: what the network makes of them before its top.",
  params: ["base", "image.size", "image.resize", "image.preprocess"],
  paths: { images: input("restored images"), out: output("folder of bottleneck features") },
  async run({ params, paths }) {
    const images = await listImages(paths.images);
    const dataset = await readDataset(paths.images);
    const { base, origin } = await load(params.base, params.image.size);
    say(`extract-bottleneck: ${images.length} images, ${params.base} weights from ${origin}, ${base.name}`);
    await mkdir(paths.out);
    const { image, base: network } = params;
    await writeFeatureMetadata(paths.out, { base: network, image, dataset, backend: base.backend });
    await extractFeatures(base, { root: paths.images, images }, image, paths.out);
    base.close();
  },
});

/** The network ready to run; a function of its own, so that the weights as they were read are forgotten. */
async function load(name: NetworkName, size: number) {
  const weights = await loadWeights(name);
  return { base: await loadBase(NETWORKS[name], weights, size), origin: weights.origin };
}
