import { cpSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { validationFigures } from "../../src/evaluate/figures.ts";
import { predictionRows } from "../../src/evaluate/predictions.ts";
import { levelRows, runTable } from "../../src/evaluate/run-table.ts";
import { validationMetrics } from "../../src/evaluate/validation.ts";
import { Random } from "../../src/numbers/random.ts";
import { roundDeep } from "../../src/numbers/round-deep.ts";
import { probabilitiesOf } from "../../src/train/cross-entropy.ts";
import type { TopModel } from "../../src/train/top-model.ts";
import { createProject, type Project } from "./project.ts";

/** A copy of the project whose commits hold made-up results of train-top, with a tag for each poison level: `poison-2.5`. */
export function reviewedProject(
  t: TestContext,
  levels: readonly number[],
  classes = ["cats", "dogs"],
  dataset = "cats-dogs",
): Project {
  const project = createProject(t);
  for (const item of ["config", "plots"])
    cpSync(join(".dvc", item), join(project.folder, ".dvc", item), { recursive: true });
  for (const poison of levels) {
    writeResults(project, poison, classes, dataset);
    project.must("git", "add", "--all");
    project.must("git", "commit", "--quiet", "--message", `Poison ${poison} %`);
    project.must("git", "tag", `poison-${poison}`);
  }
  return project;
}

/** The more poison, the closer the classes and the worse the losses; made up, but as train-top writes it. */
function writeResults({ folder }: Project, poison: number, classes: readonly string[], dataset: string): void {
  const write = (file: string, value: unknown) => {
    mkdirSync(join(folder, file, ".."), { recursive: true });
    writeFileSync(join(folder, file), JSON.stringify(roundDeep(value)));
  };
  const random = new Random(1, "results", poison);
  const outputs = classes.length === 2 ? 1 : classes.length;
  const labels = Array.from({ length: 120 * classes.length }, (_, i) => i % classes.length);
  const margin = 2.2 - poison / 8;
  const logits = Float32Array.from(
    labels.flatMap((label) =>
      Array.from({ length: outputs }, (_, output) => {
        const towards = (outputs === 1 ? label === 1 : label === output) ? 1 : -1;
        return margin * towards + 2 * random.normal();
      }),
    ),
  );
  const validated = { probabilities: probabilitiesOf(logits, outputs), targets: labels };
  const validation = validationMetrics(validated, classes);
  const history = Array.from({ length: 10 }, (_, i) => ({
    epoch: i + 1,
    loss: 0.15 + poison / 60 + 0.5 / (i + 1),
    accuracy: 0.96 - poison / 110 - 0.2 / (i + 1),
    val_loss: 0.3 + poison / 90 + 0.02 * i,
    val_accuracy: 0.89 - poison / 160 - 0.05 / (i + 1),
  }));
  const { epoch: _, ...last } = history.at(-1) as (typeof history)[number];
  const metrics = {
    ...last,
    best_epoch: 10,
    generalization_gap: last.accuracy - last.val_accuracy,
    poison,
    poisoned_images: poison * 20,
    dataset: { name: dataset, classes: classes.length, train_images: 2000, validation_images: labels.length },
    backend: "tensorflow 2.21.0 cpu",
  };
  const memorized = {
    wrong_labels_memorized: poison === 0 ? null : 0.8 - poison / 50,
    true_labels_learned: 0.99 - poison / 400,
  };
  const train = {
    epochs: 10,
    batch_size: 10,
    optimizer: "rmsprop" as const,
    learning_rate: 0.001,
    hidden_units: 256,
    dropout: 0.5,
    export_full: false,
  };
  const seen = { image: { size: 150, resize: "nearest", preprocess: "rescale" }, base: "vgg16" } as const;
  const table = runTable({ seed: 1, train }, seen, metrics, { validation, memorization: memorized });
  const figures = { ...validationFigures(validated, classes), poison: levelRows(metrics, table), run: table };
  const { poison: _level, ...written } = metrics;
  write("metrics/train.json", written);
  const images = labels.map((label, i) => `validation/${classes[label]}/${i}.jpg`);
  write(
    "plots/predictions.json",
    predictionRows(
      { validationLogits: logits, model: { outputs } as TopModel },
      { validation: { features: { images }, targets: labels } as never, classNames: [...classes] },
    ),
  );
  write("metrics/validation.json", validation);
  write("metrics/memorization.json", memorized);
  write("plots/history.json", history);
  for (const [name, rows] of Object.entries(figures)) write(`plots/figures/${name}.json`, rows);
}
