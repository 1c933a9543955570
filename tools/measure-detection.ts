/*
 * Measures detection on features of the pipeline, by flips of its own: node --import tsx tools/measure-detection.ts FOLDER-OF-FEATURES [SEEDS]
 * Means over the seeds: average precision and AUROC of the ranking, precision and recall of the flags, the estimated level, images flagged on clean labels.
 */
import { performance } from "node:perf_hooks";
import { detect } from "../src/detect/detect.ts";
import { rank } from "../src/detect/ranking.ts";
import type { FeatureRow } from "../src/kernels/features.ts";
import { Random } from "../src/numbers/random.ts";
import { openFeatures } from "../src/records/features/features.ts";

const [folder = "data/bottleneck", count = "10"] = process.argv.slice(2);
const reader = await openFeatures(folder, "train");
const shape = reader.rowShape as unknown as FeatureRow;
const width = shape.reduce((a, b) => a * b);
const all = new Float32Array(reader.images.length * width);
reader.read([...reader.images.keys()], all);
const names = [...new Set(reader.images.map((image) => image.split("/")[1] as string))].sort();
const truth = reader.images.map((image) => names.indexOf(image.split("/")[1] as string));
const features = { rows: truth.length, shape, row: (i: number) => all.subarray(i * width, (i + 1) * width) };

/** Flips so many labels, of all classes or of the first alone. */
function flip(share: number, seed: number, oneWay: boolean): number[] {
  const random = new Random(seed, "measure-detection");
  const rows = truth.flatMap((label, i) => (oneWay && label !== 0 ? [] : [i]));
  for (let i = rows.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [rows[i], rows[j]] = [rows[j] as number, rows[i] as number];
  }
  const labels = [...truth];
  for (const i of rows.slice(0, Math.round(share * truth.length)))
    labels[i] = ((labels[i] as number) + 1 + (names.length > 2 ? random.integer(names.length - 1) : 0)) % names.length;
  return labels;
}

const mean = (values: number[]) => values.reduce((a, b) => a + b, 0) / values.length;
for (const [share, oneWay] of [
  [0, false],
  [0.01, false],
  [0.025, false],
  [0.05, false],
  [0.075, false],
  [0.1, false],
  [0.1, true],
] as const) {
  const runs = Array.from({ length: Number(count) }, (_, seed) => {
    const labels = flip(share, 1000 + seed, oneWay);
    const wrong = labels.map((label, i) => label !== truth[i]);
    const began = performance.now();
    const { probability, flagged, rates } = detect(features, labels, { numClasses: names.length });
    const seconds = (performance.now() - began) / 1000;
    const ranking = rank(probability, wrong);
    const hits = flagged.filter((yes, i) => yes && wrong[i]).length;
    const flags = flagged.filter(Boolean).length;
    const level = mean(labels.map((label) => rates[label] as number));
    return [
      ranking?.average_precision ?? 0,
      ranking?.auroc ?? 0,
      flags ? hits / flags : 1,
      hits / Math.max(1, wrong.filter(Boolean).length),
      100 * level,
      flags,
      seconds,
    ];
  });
  const [ap, auroc, precision, recall, level, flags, seconds] = (runs[0] as number[]).map((_, k) =>
    mean(runs.map((run) => run[k] as number)),
  );
  console.log(
    `${100 * share} %${oneWay ? " one way" : ""}: AP ${ap?.toFixed(3)}, AUROC ${auroc?.toFixed(4)}, flags ${flags?.toFixed(1)}: precision ${precision?.toFixed(3)}, recall ${recall?.toFixed(3)}, estimated ${level?.toFixed(2)} %, ${seconds?.toFixed(1)} s`,
  );
}
