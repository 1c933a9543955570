import { poisonLabels, swappedRows } from "../src/attacks/random.ts";
import { listImages } from "../src/records/image-folder.ts";
import { writeLabels } from "../src/records/labels.ts";
import { input, output, runStage } from "../src/stage/run-stage.ts";

await runStage({
  describe: "Swap the labels of a share of the training images.",
  params: ["poison", "seed", "data"],
  paths: { images: input("restored images"), out: output("label table") },
  flags: { materialize: { describe: "also write the poisoned images as a folder tree of hard links" } },
  async run({ params, paths, flags }) {
    const images = await listImages(paths.images);
    const rows = poisonLabels(images, params.poison, params.seed);
    const training = rows.filter((row) => row.split === "train").length;
    const swapped = swappedRows(rows);
    if (params.poison > 0 && swapped.length === 0) {
      console.warn(
        `poison: warning: params.yaml: poison is ${params.poison}, and ${params.poison} % of ${training} images rounds to none.`,
      );
    }
    await writeLabels(paths.out, rows);
    if (flags.materialize) {
      const { materialize } = await import("../src/attacks/materialize.ts");
      await materialize(rows, paths.images, flags.materialize);
    }
    const classes = new Map<string, number>();
    for (const { true_label } of swapped) classes.set(true_label, (classes.get(true_label) ?? 0) + 1);
    const detail = [...classes].map(([name, count]) => `${count} ${name}`).join(", ");
    console.log(
      `poison: ${swapped.length} of ${training} training images swapped${detail && ` (${detail})`}, seed ${params.seed}`,
    );
  },
});
