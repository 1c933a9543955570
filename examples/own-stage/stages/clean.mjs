import { writeFile } from "node:fs/promises";
import { openFeatures, readLabels, swappedRows, writeLabels } from "dvc-poison/records";
import { input, output, runStage, say } from "dvc-poison/stage";
import { z } from "zod";
import { vote } from "./neighbours.mjs";

await runStage({
  describe: "Repair the training labels that their nearest neighbours, by bottleneck features, do not believe.",
  params: [],
  own: {
    "clean.neighbours": z.int().min(1),
    "clean.agreement": z.number().min(0.5).max(1),
  },
  paths: {
    features: input("bottleneck features"),
    labels: input("label table that may be poisoned"),
    out: output("label table, repaired"),
    metrics: output("what was repaired"),
  },
  async run({ own, paths }) {
    const rows = await readLabels(paths.labels);
    const { images, values } = await trainingFeatures(paths.features);
    const given = new Map(rows.map(({ image, label }) => [image, label]));
    const labels = images.map((image) => given.get(image));
    const votes = vote(values, labels, own["clean.neighbours"]);
    const believed = new Map(images.map((image, i) => [image, votes[i]]));

    const repaired = rows.map((row) => {
      const { label, share } = believed.get(row.image) ?? row; // validation labels are true
      return share >= own["clean.agreement"] ? { ...row, label } : row;
    });

    const changed = repaired.filter(({ label }, i) => label !== rows[i].label);
    const metrics = {
      wrong_labels_before: swappedRows(rows).length,
      wrong_labels_after: swappedRows(repaired).length,
      changed: changed.length,
      spoiled: swappedRows(changed).length, // labels that were true before
    };
    await writeLabels(paths.out, repaired);
    await writeFile(paths.metrics, `${JSON.stringify(metrics, null, 2)}\n`);
    say(`clean: ${metrics.wrong_labels_before} wrong labels, now ${metrics.wrong_labels_after}`);
  },
});

/** The features of all training images [n, …] at once. @param {string} folder */
async function trainingFeatures(folder) {
  const reader = await openFeatures(folder, "train");
  try {
    const { images, rowLength } = reader;
    const values = new Float32Array(images.length * rowLength);
    reader.read([...images.keys()], values);
    return { images, values };
  } finally {
    await reader.close();
  }
}
