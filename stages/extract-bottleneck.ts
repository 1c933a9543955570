import { mkdir } from "node:fs/promises";
import { listImages } from "../src/dataset.ts";
import { extractFeatures } from "../src/extract.ts";
import { writeFeatureFacts } from "../src/features.ts";
import { readDataset } from "../src/images/dataset-json.ts";
import { input, output, runStage } from "../src/stage.ts";
import { loadTensorFlow } from "../src/tensorflow.ts";
import { buildVgg16 } from "../src/vgg16.ts";
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
