import { assertClassesLeft } from "../src/attacks/assert-classes-left.ts";
import { describeSwaps } from "../src/attacks/describe-swaps.ts";
import { ATTACKS } from "../src/attacks/index.ts";
import { roundDeep } from "../src/numbers/round-deep.ts";
import { listImages } from "../src/records/format/image-folder.ts";
import { labelMetricsFile } from "../src/records/labels/label-metrics.ts";
import { poisonLevel, writeLabels } from "../src/records/labels/labels.ts";
import { StageError } from "../src/runtime/errors.ts";
import { say, warn } from "../src/runtime/say.ts";
import { input, output, runStage } from "../src/stage/run-stage.ts";

await runStage({
  describe: "Swap the labels of a share of the training images.",
  params: ["poison", "seed", "attack.strategy", "attack.balance"],
  paths: {
    images: input("restored images"),
    out: output("label table"),
    metrics: output("level of poison asked for and reached, JSON"),
  },
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
    const { balance } = attack;
    const rows = await chosen.poison({ images, poison, seed, balance, pixels: paths.images, features: flags.features });
    const { classes, summary, notes } = describeSwaps(rows, { poison, balance });
    for (const note of notes) warn(`poison: warning: params.yaml: poison is ${poison}: ${note}`);
    assertClassesLeft(rows, { poison, seed });
    await writeLabels(paths.out, rows);
    await labelMetricsFile.write(paths.metrics, {
      poison_asked: poison,
      poison_reached: roundDeep(poisonLevel(rows)),
      poisoned_classes: classes,
    });
    if (flags.materialize) {
      const { materialize } = await import("../src/attacks/materialize.ts");
      await materialize(rows, paths.images, flags.materialize);
    }
    say(`poison: ${summary}, seed ${seed}`);
  },
});
