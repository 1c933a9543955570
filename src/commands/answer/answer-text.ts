import { changedWord, levelText } from "../../records/labels/level-text.ts";
import type { TrainMetrics } from "../../records/training/train-metrics.ts";
import { commandLine } from "../../runtime/installation.mjs";

/** What there is to say of a run. */
export interface Answer {
  metrics: TrainMetrics;
  /** The same experiment on clean labels, and what it is called. */
  clean?: { name: string; val_accuracy: number } | undefined;
  /** The experiment that this run has repeated, byte for byte. */
  repeated?: string | undefined;
  pictures: readonly string[];
  /** Of the run's page in MLflow; empty where nothing was logged. */
  address: string;
  /** How DVC is called here. */
  dvc: string;
}

/** The answer of a run in a few lines: accuracy, of what, where the pictures are, what to do next. */
export function answerText({ metrics, clean, repeated, pictures, address, dvc }: Answer): string {
  const { dataset, backend, features } = metrics;
  const computed = features && features.backend !== backend ? `${features.backend} and ${backend}` : backend;
  const lines = [
    ...(repeated === undefined
      ? []
      : [`Nothing has changed: these are the results of ${repeated}, byte for byte. No experiment was added.`]),
    headline(metrics, clean),
    `${dataset.name}: ${dataset.train_images} + ${dataset.validation_images} images of ${dataset.classes} classes; computed by ${computed}`,
    `pictures: ${pictures.join(", ")}`,
    ...(address === "" ? [] : [`MLflow: ${address}`]),
    "next:",
    ...nextCommands(metrics, clean, dvc).map(([command, what]) => `  ${command}   ${what}`),
  ];
  return `\n${lines.join("\n")}`;
}

function headline({ val_accuracy, poison, accuracy, dataset }: TrainMetrics, clean: Answer["clean"]): string {
  const reached = `Validation accuracy ${percent(val_accuracy)}`;
  if (poison === 0) return `${reached} on clean labels (training: ${percent(accuracy)}).`;
  const here = `${reached} with ${levelText(poison)} % of the training labels ${changedWord(dataset.classes)}`;
  if (clean === undefined)
    return `${here}. No run on clean labels to compare with: ${commandLine("start", "-S poison=0")}`;
  const points = 100 * (val_accuracy - clean.val_accuracy);
  const change =
    Math.abs(points) < 0.05 ? "no change" : `${Math.abs(points).toFixed(1)} points ${points < 0 ? "lower" : "higher"}`;
  return `${here}, ${percent(clean.val_accuracy)} on clean labels (${clean.name}): ${change}.`;
}

function nextCommands(
  { poison }: TrainMetrics,
  clean: Answer["clean"],
  dvc: string,
): [command: string, what: string][] {
  const commands: [string, string][] = [
    [`${dvc} plots show --open`, "the page of figures"],
    poison === 0 || clean === undefined
      ? [
          commandLine("start", poison === 0 ? "-S poison=7.5" : "-S poison=0"),
          poison === 0 ? "the same with poison" : "the same on clean labels",
        ]
      : [`${dvc} metrics diff ${clean.name}`, "what the poison has changed, in numbers"],
    [commandLine("sweep", "--seeds 1..5"), "six levels, five seeds, with intervals"],
  ];
  const width = Math.max(...commands.map(([command]) => command.length));
  return commands.map(([command, what]) => [command.padEnd(width), what]);
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
