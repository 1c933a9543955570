import { ATTACKS } from "../src/attacks/index.ts";
import { listImages } from "../src/records/format/image-folder.ts";
import { swappedRows, writeLabels } from "../src/records/labels/labels.ts";
import { StageError } from "../src/runtime/errors.ts";
import { say, warn } from "../src/runtime/say.ts";
import { input, output, runStage } from "../src/stage/run-stage.ts";

await runStage({
  describe: "Swap the labels of a share of the training images.",
  params: ["poison", "seed", "attack.strategy"],
  paths: { images: input("restored images"), out: output("label table") },
  flags: {
    materialize: { describe: "also write the poisoned images as a folder tree of hard links" },
    features: { describe: "folder of bottleneck features, for an attack that needs them" },
  },
  async run({ params, paths, flags }) {
    const images = await listImages(paths.images);
    const { poison, seed, attack } = params;
    const { needs, ...chosen } = ATTACKS[attack.strategy];
    if (needs.includes("features") && flags.features === undefined) {
      throw new StageError(`params.yaml: attack.strategy is ${attack.strategy}, which needs features.`, {
        hint: "In dvc.yaml, add `--features data/bottleneck` to the stage's cmd and data/bottleneck to its deps.",
      });
    }
    const rows = await chosen.poison({ images, poison, seed, pixels: paths.images, features: flags.features });
    const training = rows.filter((row) => row.split === "train").length;
    const swapped = swappedRows(rows);
    if (params.poison > 0 && swapped.length === 0) {
      warn(
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
    say(
      `poison: ${swapped.length} of ${training} training images swapped${detail && ` (${detail})`}, seed ${params.seed}`,
    );
  },
});
