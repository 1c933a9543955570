import { writeFile } from "node:fs/promises";
import { openRun } from "../src/mlflow/open-run.ts";
import { pictureFile } from "../src/plots/picture-file.ts";
import { renderChart } from "../src/plots/render.ts";
import { drawSheet } from "../src/plots/sheet/draw-sheet.ts";
import { mostWrongSheet } from "../src/plots/sheet/most-wrong.ts";
import { poisonedSheet } from "../src/plots/sheet/poisoned.ts";
import { trainingChart } from "../src/plots/training-chart.ts";
import { levelText } from "../src/records/labels/level-text.ts";
import { readPredictions, readTraining, readTrainingLabels } from "../src/records/training/training.ts";
import { say } from "../src/runtime/say.ts";
import { input, output, runStage } from "../src/stage/run-stage.ts";

await runStage({
  describe:
    "Draw loss and accuracy over the epochs in print quality, the poisoned images, and those classified most wrongly.",
  params: ["seed"],
  paths: {
    history: input("loss and accuracy by epoch, JSON"),
    metrics: input("metrics of the training, JSON"),
    labels: input("label table"),
    predictions: input("prediction for each validation image, JSON"),
    images: input("restored images"),
    png: output("picture of loss and accuracy"),
    jpg: output("the same picture"),
    poisoned: output("contact sheet of the poisoned images, JPEG"),
    wrong: output("contact sheet of the validation images classified most wrongly, JPEG"),
  },
  flags: {
    output: { describe: "also write loss and accuracy here: a name that ends in .png, .jpg, .jpeg or .svg" },
  },
  async run({ params: { seed }, paths, flags, invocation }) {
    const copy = flags.output === undefined ? undefined : await pictureFile(flags.output);
    const run = await openRun(invocation, { joins: paths });
    const { history, metadata } = await readTraining(paths);
    const labels = await readTrainingLabels(paths.labels, metadata);
    const predictions = await readPredictions(paths.predictions, metadata);
    const [picture, poisoned, wrong] = await Promise.all([
      renderChart(trainingChart(history, metadata, seed)),
      drawSheet(poisonedSheet(labels, metadata, seed), paths.images),
      drawSheet(mostWrongSheet(predictions, metadata, seed), paths.images),
    ]);
    await writeFile(paths.png, picture.png());
    await writeFile(paths.jpg, picture.jpeg());
    await writeFile(paths.poisoned, poisoned);
    await writeFile(paths.wrong, wrong);
    await copy?.write(picture);
    await run.finish({ pictures: [paths.png, paths.jpg, paths.poisoned, paths.wrong] });
    say(
      `plot: poison ${levelText(metadata.poison)} %, seed ${seed}, epochs 1 to ${history.length}, ${picture.width} x ${picture.height} px`,
    );
  },
});
