import { mkdir } from "node:fs/promises";
import { extractFeatures } from "../src/extract/collect.ts";
import { buildVgg16 } from "../src/networks/vgg16/vgg16.ts";
import { readDataset } from "../src/records/dataset.ts";
import { writeFeatureFacts } from "../src/records/features.ts";
import { listImages } from "../src/records/image-folder.ts";
import { input, output, runStage } from "../src/stage/run-stage.ts";
import { loadTensorFlow } from "../src/tensorflow/load.ts";
import { loadVgg16Weights } from "../src/weights/find.ts";

await runStage({
  describe: "Compute the bottleneck features of all images: what VGG16's convolutional base makes of them.",
  params: ["image", "base"],
  paths: { images: input("restored images"), out: output("folder of bottleneck features") },
  async run({ params, paths }) {
    const images = await listImages(paths.images);
    const dataset = await readDataset(paths.images);
    const weights = await loadVgg16Weights();
    const compute = await loadTensorFlow();
    console.log(`extract-bottleneck: ${images.length} images, VGG16 weights from ${weights.origin}, ${compute.name}`);
    await mkdir(paths.out);
    await writeFeatureFacts(paths.out, { base: params.base, image: params.image, dataset });
    await extractFeatures(
      compute,
      buildVgg16(compute, weights),
      { root: paths.images, images },
      params.image,
      paths.out,
    );
  },
});
