import { writeFile } from "node:fs/promises";
import { trainingChart } from "../src/charts.ts";
import { pictureFile } from "../src/picture-file.ts";
import { renderChart } from "../src/render.ts";
import { input, output, runStage } from "../src/stage.ts";
import { readTrainingRecord } from "../src/training-record.ts";

await runStage({
  describe: "Draw loss and accuracy over the epochs, side by side, in print quality.",
  params: ["seed"],
  paths: {
    history: input("loss and accuracy by epoch, JSON"),
    metrics: input("metrics of the training, JSON"),
    png: output("picture"),
    jpg: output("the same picture"),
  },
  flags: { output: { describe: "also write the picture here: a name that ends in .png, .jpg, .jpeg or .svg" } },
  async run({ params, paths, flags }) {
    const copy = flags.output === undefined ? undefined : await pictureFile(flags.output);
    const { history, facts } = await readTrainingRecord(paths);
    const picture = await renderChart(trainingChart(history, facts, params.seed));
    await writeFile(paths.png, picture.png());
    await writeFile(paths.jpg, picture.jpeg());
    await copy?.write(picture);
    console.log(
      `plot: poison ${facts.poison} %, seed ${params.seed}, epochs 1 to ${history.length}, ${picture.width} x ${picture.height} px`,
    );
  },
});
