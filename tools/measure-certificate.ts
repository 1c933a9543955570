/* Measures certificates on features of the pipeline: node --import tsx tools/measure-certificate.ts FOLDER-OF-FEATURES [RIDGE] */
import { performance } from "node:perf_hooks";
import { certifiedRadius } from "../src/certify/radius.ts";
import { smootherWeights } from "../src/certify/smoother.ts";
import type { FeatureRow, Features } from "../src/kernels/features.ts";
import { openFeatures } from "../src/records/features/features.ts";

const [folder = "data/bottleneck", ridge = "300"] = process.argv.slice(2);

/** The features and targets of a split of two classes. */
async function load(split: "train" | "validation"): Promise<{ features: Features; targets: number[] }> {
  const { images, rowShape, rowLength, read } = await openFeatures(folder, split);
  const values = new Float32Array(images.length * rowLength);
  read([...images.keys()], values);
  const second = images
    .map((image) => image.split("/")[1] as string)
    .sort()
    .at(-1);
  return {
    features: {
      rows: images.length,
      shape: rowShape as unknown as FeatureRow,
      row: (i) => values.subarray(i * rowLength, (i + 1) * rowLength),
    },
    targets: images.map((image) => (image.split("/")[1] === second ? 1 : -1)),
  };
}

const [training, validation] = [await load("train"), await load("validation")];
const began = performance.now();
const weights = smootherWeights(training.features, validation.features, { ridge: Number(ridge) });
const radii = validation.targets.map((truth, i) => {
  const { score, radius } = certifiedRadius(weights(i), training.targets);
  return Math.sign(score) === truth ? radius : -1;
});
const seconds = (performance.now() - began) / 1000;
const at = [0, 1, 5, 10, 20, 50, 100, 200].map(
  (flips) => `${flips}: ${(radii.filter((r) => r >= flips).length / radii.length).toFixed(3)}`,
);
console.log(`λ = ${ridge}: certified accuracy at flips ${at.join(", ")}; ${seconds.toFixed(1)} s`);
