import { poisonLabels } from "dvc-poison/attacks";
import { input, output, runStage, say } from "dvc-poison/stage";
import { readTable, writeTable } from "./table.mjs";

await runStage({
  describe: "Swap the labels of a share of the training texts.",
  params: ["poison", "seed"],
  paths: { texts: input("table of texts"), out: output("the table with given and true labels") },
  async run({ params, paths }) {
    const texts = await readTable(paths.texts, ["split", "label", "text"]);
    // What is labelled is called `image`, whatever it is.
    const rows = texts.map(({ split, label, text }) => ({ image: text, split, label }));
    const poisoned = await poisonLabels(rows, params);
    const table = poisoned.map(({ image, split, label, true_label }) => ({ split, label, true_label, text: image }));
    await writeTable(paths.out, ["split", "label", "true_label", "text"], table);
    const lies = table.filter(({ label, true_label }) => label !== true_label);
    say(`swap: ${lies.length} labels swapped`);
  },
});
