import { writeFile } from "node:fs/promises";
import { classNamesOf, historyFile } from "dvc-poison/records";
import { input, output, runStage, say } from "dvc-poison/stage";
import { trainTop, writeModel } from "dvc-poison/train";
import { modelParams } from "./model-params.mjs";
import { readTable } from "./table.mjs";
import { bagsOfWords, vocabularyOf } from "./words.mjs";

await runStage({
  describe: "Train two models on bags of words, one on the given labels and one on the true ones.",
  params: ["seed"],
  own: { model: modelParams },
  paths: {
    labels: input("table of texts with given and true labels"),
    model: output("the model trained on the given labels, and its words"),
    predictions: output("what both make of all texts"),
    history: output("loss and accuracy by epoch, of the given labels"),
  },
  async run({ params, own, paths }) {
    const rows = await readTable(paths.labels, ["split", "label", "true_label", "text"]);
    const training = rows.filter(({ split }) => split === "train");
    const validation = rows.filter(({ split }) => split === "validation");
    const classes = classNamesOf(training.map(({ true_label }) => true_label));
    const vocabulary = vocabularyOf(training.map(({ text }) => text));

    /** Features and class numbers, by one column of the table. */
    const table = (rows, column) => ({
      features: bagsOfWords(
        rows.map(({ text }) => text),
        vocabulary,
      ),
      targets: rows.map((row) => classes.indexOf(row[column])),
    });
    const truth = { train: table(training, "true_label"), validation: table(validation, "true_label") };
    const given = table(training, "label");
    const options = { classes, seed: params.seed, params: own.model };
    const misled = await trainTop(given, truth.validation, options);
    const told = await trainTop(truth.train, truth.validation, options);

    await writeModel(paths.model, misled, { dropout: own.model.dropout });
    await writeFile(`${paths.model}/words.txt`, `${vocabulary.join("\n")}\n`);
    await historyFile.write(paths.history, misled.history);
    const predictions = {
      classes,
      train: { given: given.targets, truth: truth.train.targets, misled: misled.probabilities.train },
      validation: {
        truth: truth.validation.targets,
        misled: misled.probabilities.validation,
        told: told.probabilities.validation,
      },
    };
    await writeFile(paths.predictions, JSON.stringify(predictions));
    const { val_accuracy } = misled.history.at(-1);
    say(`train: ${vocabulary.length} words, val_accuracy ${val_accuracy.toFixed(4)}`);
  },
});
