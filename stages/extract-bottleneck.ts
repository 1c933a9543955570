import { mkdir } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { extractFeatures } from "../src/extract/collect.ts";
import { extractShards } from "../src/extract/shards/extract-shards.ts";
import { NETWORKS, type NetworkName } from "../src/networks/index.ts";
import { loadBase } from "../src/networks/load-base.ts";
import { featureShape } from "../src/networks/network.ts";
import { pooledShape, withPool } from "../src/networks/pool.ts";
import { createFeatures } from "../src/records/features/features.ts";
import { listImages } from "../src/records/format/image-folder.ts";
import { readDataset } from "../src/records/images/dataset.ts";
import { runnerSettings } from "../src/runners/settings.ts";
import { say } from "../src/runtime/say.ts";
import { input, output, runStage } from "../src/stage/run-stage.ts";
import { loadWeights } from "../src/weights/find.ts";
import { KNOWN_FILES } from "../src/weights/known-files.ts";

await runStage({
  describe: "Compute the bottleneck features of all images: what the network makes of them before its top.",
  params: ["base", "features.pool", "features.shard_images", "image.size", "image.resize", "image.preprocess"],
  paths: { images: input("restored images"), out: output("folder of bottleneck features") },
  async run({ params: { base: name, image, features }, paths }) {
    const settings = runnerSettings();
    const images = (await listImages(paths.images)).map((entry) => entry.image);
    const dataset = await readDataset(paths.images);
    const { pool, shard_images: size } = features;
    const metadata = { base: name, image, ...(pool !== "none" && { pool }), dataset };
    await mkdir(paths.out);
    const here = images.length <= size && settings.runner === "local";
    if (!here) {
      const { runner } = settings;
      say(`extract-bottleneck: ${images.length} images, ${Math.ceil(images.length / size)} shards, runner ${runner}`);
      const rowShape = pooledShape(featureShape(NETWORKS[name], image.size), pool);
      const weights = KNOWN_FILES[name].keras.md5;
      const recipe = { base: name, image, pool, root: paths.images };
      const place = dirname(paths.out); // beside the output, where an earlier call has left what it made
      const work = join(dirname(place), `${basename(paths.out)}.shards`);
      await extractShards({ recipe, images, size, weights, rowShape, work, out: paths.out, metadata }, settings);
      return;
    }
    const { base, origin } = await load(name, image.size);
    say(`extract-bottleneck: ${images.length} images, ${name} weights from ${origin}, ${base.name}`);
    const network = withPool(base, pool);
    await using writer = await createFeatures(paths.out, images, network.rowShape, size);
    await extractFeatures(network, { root: paths.images, images }, image, writer);
    await writer.close({ ...metadata, backend: base.backend });
    base.close();
  },
});

/** The network ready to run; a function of its own, so that the weights as they were read are forgotten. */
async function load(name: NetworkName, size: number) {
  const weights = await loadWeights(name);
  return { base: await loadBase(NETWORKS[name], weights, size), origin: weights.origin };
}
