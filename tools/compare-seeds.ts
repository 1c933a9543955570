import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { program, root } from "../scripts/setup/paths.mjs";
import { countFlag, parseFlags } from "../src/commands/flags.ts";
import { runScript } from "../src/commands/script.ts";
import { markdownTable, textTable } from "../src/commands/table.ts";
import { openFeatures } from "../src/records/features/features.ts";
import { writeJson } from "../src/records/format/json.ts";
import { trainMetricsFile } from "../src/records/training/train-metrics.ts";
import { withTemporary } from "../src/runtime/atomic-write.ts";
import { StageError } from "../src/runtime/errors.ts";
import { loadParams } from "../src/stage/params.ts";
import { answerOf, measure } from "./bench/measure.ts";
import { createWorkspace, stage } from "./bench/workspace.ts";

const help = `node --import tsx tools/compare-seeds.ts [options]

Trains the top model on the same features and clean labels with this project and with Keras's fit, with one seed after the other,
and compares the validation accuracy after the last epoch. All is written to a temporary folder.

  --seeds N         seeds 1 to N, default 5
  --epochs N        default that of params.yaml
  --data FOLDER     images/ and bottleneck/ to use, default data
  --json FILE       write the figures
  --markdown FILE   write the page, e.g. docs/equality.md`;

/** Validation figures after the last epoch. */
interface Figures {
  val_accuracy: number;
  val_loss: number;
}

const text = { type: "string" } as const;

await runScript("compare-seeds", async () => {
  const { values: flags } = parseFlags({
    options: {
      seeds: text,
      epochs: text,
      data: { ...text, default: "data" },
      json: text,
      markdown: text,
      help: { type: "boolean", short: "h" },
    },
  });
  if (flags.help) return void console.log(help);
  const count = countFlag("seeds", flags.seeds, 5);
  if (count < 2) throw new StageError("--seeds is 1; a deviation takes at least 2.");
  const seeds = Array.from({ length: count }, (_, i) => i + 1);
  const epochs = countFlag("epochs", flags.epochs, loadParams("params.yaml").train.epochs);
  await (await openFeatures(join(flags.data, "bottleneck"), "train")).close(); // else this says what to do

  const runs: { seed: number; ours: Figures; keras: Figures }[] = [];
  const temporary = join(tmpdir(), `dvc-poison-seeds-${randomUUID()}`);
  await withTemporary(temporary, async () => {
    for (const seed of seeds) {
      const run = { seed, ...(await trainBoth(join(temporary, String(seed)), flags.data, seed, epochs)) };
      console.error(`compare-seeds: seed ${seed}: ours ${run.ours.val_accuracy}, Keras ${run.keras.val_accuracy}`);
      runs.push(run);
    }
  });
  const [ours, keras] = (["ours", "keras"] as const).map((by) => spread(runs.map((run) => run[by].val_accuracy)));
  const difference = Math.abs((ours?.mean as number) - (keras?.mean as number));
  const pooled = Math.sqrt(((ours?.deviation as number) ** 2 + (keras?.deviation as number) ** 2) / 2);
  const rows = tableRows(runs);
  const share = pooled > 0 ? `, ${(difference / pooled).toFixed(2)} of the pooled standard deviation` : "";
  const verdict = `The mean validation accuracies differ by ${difference.toFixed(4)}${share}.`;
  console.log(`${textTable(rows, "lrrrr")}\n\n${verdict}`);
  for (const file of [flags.json, flags.markdown]) if (file) await mkdir(dirname(file), { recursive: true });
  if (flags.json) await writeJson(flags.json, { epochs, runs, ours, keras, difference });
  const command = ["node --import tsx tools/compare-seeds.ts", ...process.argv.slice(2)].join(" ");
  if (flags.markdown) await writeFile(flags.markdown, equalityPage(markdownTable(rows, "lrrrr"), verdict, command));
  return undefined;
});

/** One training with each, from the same features and labels. */
async function trainBoth(folder: string, data: string, seed: number, epochs: number) {
  const links = { "data/images": resolve(data, "images"), "data/bottleneck": resolve(data, "bottleneck") };
  createWorkspace(folder, links, { seed, "train.epochs": epochs });
  await measure(stage("poison"), folder);
  await measure(stage("train-top"), folder);
  const { val_accuracy, val_loss } = await trainMetricsFile.read(join(folder, "metrics/train.json"));
  const original = [program("python"), join(root, "tools/bench/original.py"), "train", "data/bottleneck"];
  const usage = await measure([...original, "data/labels.csv", String(epochs), String(seed)], folder);
  const { val_accuracy: accuracy, val_loss: loss } = answerOf<Figures>(usage);
  return {
    ours: { val_accuracy, val_loss: val_loss ?? Number.NaN },
    keras: { val_accuracy: accuracy, val_loss: loss },
  };
}

function spread(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) };
}

function tableRows(runs: readonly { seed: number; ours: Figures; keras: Figures }[]): string[][] {
  const columns = [
    runs.map((run) => run.ours.val_accuracy),
    runs.map((run) => run.keras.val_accuracy),
    runs.map((run) => run.ours.val_loss),
    runs.map((run) => run.keras.val_loss),
  ];
  return [
    ["seed", "val_accuracy, dvc-poison", "val_accuracy, Keras", "val_loss, dvc-poison", "val_loss, Keras"],
    ...runs.map(({ seed }, i) => [String(seed), ...columns.map((column) => (column[i] as number).toFixed(4))]),
    [
      "mean ± standard deviation",
      ...columns.map(spread).map(({ mean, deviation }) => `${mean.toFixed(4)} ± ${deviation.toFixed(4)}`),
    ],
  ];
}

/** docs/equality.md. */
function equalityPage(table: string, verdict: string, command: string): string {
  return `# The same experiment as with Keras

Written by \`${command}\`; do not edit.

The top model, trained on the same features and clean labels by train-top and by Keras's \`fit\` (tools/bench/original.py), figures
after the last epoch. The two draw initial weights, order and dropout from different random generators, so single runs differ as two
seeds do; what must agree are the means.

${table}

${verdict}

What \`npm test\` holds the project to, against Keras itself in the project's own environment:

| | agreement | test |
| --- | --- | --- |
| pixels: JPEG, PNG, WebP, GIF, BMP, TIFF of up to 8 bits | those of Keras's \`load_img\` with Pillow 13, bit for bit; every kind decoded, every filter at random sizes | test/system/networks/pixels/ |
| pixels of 726 files of Pillow's own tests, damaged ones among them | of the 690 that Pillow reads 623 are equal bit for bit; the others differ as below, or are refused by name | measured once |
| features, \`rescale\` and \`caffe\`, of all 2,800 photographs | those of \`VGG16(include_top=False)\` within 1e-5 of the largest | tools/compare-features.ts; two of them: test/system/networks/vgg16-bytes.test.ts |
| gradients | finite differences in float64 within 2e-6 | test/unit/train/backend.test.ts |
| weights after 50 steps (rmsprop, adam, sgd; sigmoid, softmax) | Keras's within 1e-4 | test/system/train/keras.test.ts |
| probabilities of \`model.keras\`, \`full.keras\` in Keras | ours within 1e-6; from pixels within 3e-5, with TensorFlow's features within 1e-5 | test/system/export/write-models.test.ts |
| metrics | scikit-learn's | test/system/evaluate/scikit-learn.test.ts |
| dvc.lock of the native build and of WebAssembly; metrics on TensorFlow and without fused multiply-add | the same; within 1e-3 | test/system/train/devices.test.ts |

Where pixels differ from Keras's, on purpose: photographs are turned upright by their EXIF orientation, which Keras ignores; CMYK goes through
a colour profile (up to 82 of 255); grey of 16 bits is scaled to 8, where Pillow clips it at 255, which makes most of it white; AVIF is decoded by
another library (up to 30). Within 1: YCbCr TIFFs without compression; pictures shrunk by more than twice as many rows as columns, against Pillow
before 13. By rounding, where alpha is small: premultiplied TIFFs of 16 bits. Refused: TIFFs of signed, floating-point, 12-bit and 32-bit samples
and in Lab, and images of 16 bits whose brightest sample is below 4096, all of which would come out white or black.
`;
}
