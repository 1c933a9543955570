import { randomUUID } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { countFlag, parseFlags } from "../src/commands/flags.ts";
import { runScript } from "../src/commands/script.ts";
import { textTable } from "../src/commands/table.ts";
import { openFeatures } from "../src/records/features/features.ts";
import { listImages } from "../src/records/format/image-folder.ts";
import { writeJson } from "../src/records/format/json.ts";
import { withTemporary } from "../src/runtime/atomic-write.ts";
import { loadParams } from "../src/stage/params.ts";
import { loadWeights } from "../src/weights/find.ts";
import { writeRawFile } from "../src/weights/raw-file.ts";
import { benchmarkPage, cells, tableRows } from "./bench/bench-table.ts";
import { createEmptyRepository, createRepository } from "./bench/dvc.ts";
import { busy, describeMachine } from "./bench/machine.ts";
import { installOnnxRuntime } from "./bench/onnx.ts";
import type { Measurement } from "./bench/programs.ts";
import { runRounds } from "./bench/rounds.ts";
import { drawFirst, drawSample } from "./bench/sample.ts";
import { fetchWideNode } from "./bench/wide-node.ts";
import { createWorkspace } from "./bench/workspace.ts";

const help = `npm run bench -- [options]

Measures this project against the Keras original, by turns, on the images and features of data/, and prints medians.
Nothing else should run meanwhile. What is there stays as it is: all is written to a temporary folder.

  --rounds N        default 3
  --images N        images that go through the network in each round, default 400
  --epochs N        of each training, default that of params.yaml
  --onnx            also ONNX Runtime, fetched from PyPI to a temporary folder
  --builds          also what a processor with AVX2 alone gives, and WebAssembly, in this Node.js and in Node.js 24, fetched from npm
  --levels          also six levels of poison from nothing, in a copy of the project
  --dvc             also \`dvc exp run\` in a copy of the project, features in its cache
  --data FOLDER     images/ and bottleneck/ to use, default data
  --json FILE       write all measurements
  --markdown FILE   write the page, e.g. docs/benchmarks.md`;

const text = { type: "string" } as const;
const flag = { type: "boolean" } as const;

await runScript("bench", async () => {
  const { values: flags } = parseFlags({
    options: {
      rounds: text,
      images: text,
      epochs: text,
      onnx: flag,
      builds: flag,
      levels: flag,
      dvc: flag,
      data: { ...text, default: "data" },
      json: text,
      markdown: text,
      help: { ...flag, short: "h" },
    },
  });
  if (flags.help) return void console.log(help);
  const { image, seed, train } = loadParams("params.yaml");
  const rounds = countFlag("rounds", flags.rounds, 3);
  const sample = countFlag("images", flags.images, 400);
  const epochs = countFlag("epochs", flags.epochs, train.epochs);
  const [images, bottleneck] = [resolve(flags.data, "images"), resolve(flags.data, "bottleneck")];
  const all = (await listImages(images)).length;
  await (await openFeatures(bottleneck, "train")).close(); // else this says what to do
  const warning = busy();
  if (warning) console.error(`bench: warning: ${warning}`);

  const temporary = join(tmpdir(), `dvc-poison-bench-${randomUUID()}`);
  const { measurements, machine } = await withTemporary(temporary, async () => {
    const folder = (name: string) => join(temporary, name);
    const params = { "train.epochs": epochs };
    await drawSample(images, sample, folder("extraction/data/images"));
    await drawFirst(images, folder("starting/data/images"));
    const fromImages = { ...allOf(images), ...params };
    const repositories = flags.levels ? Array.from({ length: rounds }, (_, i) => folder(`empty-${i + 1}`)) : [];
    await writeRawFile(folder("weights.f32"), await loadWeights("vgg16"));
    const places = {
      extraction: createWorkspace(folder("extraction"), {}, params),
      training: createWorkspace(folder("training"), { "data/images": images, "data/bottleneck": bottleneck }, params),
      starting: createWorkspace(folder("starting"), {}, params),
      empty: await Promise.all(repositories.map((place) => createEmptyRepository(place, fromImages))),
      wideNode: flags.builds ? await fetchWideNode(folder("node-24")) : undefined,
      restoring: createWorkspace(folder("restoring"), {}, allOf(images)),
      repository: flags.dvc ? await createRepository(folder("repository"), flags.data, params) : undefined,
      onnx: flags.onnx ? await installOnnxRuntime(folder("onnx")) : undefined,
      weights: folder("weights.f32"),
      size: image.size,
      epochs,
      seed,
    };
    const measurements: Measurement[] = [];
    for await (const { round, measurement } of runRounds(places, rounds)) {
      const { step, by, work_s, program_s } = measurement;
      console.error(
        `bench: round ${round} of ${rounds}: ${step}, ${by}: ${work_s.toFixed(1)} s of ${program_s.toFixed(1)} s`,
      );
      measurements.push(measurement);
    }
    return { measurements, machine: await describeMachine(places.training, measurements) };
  });

  const rows = tableRows(measurements, { all, epochs });
  for (const [name, value] of Object.entries(machine)) console.log(`${name}: ${value}`);
  console.log(`\n${textTable(cells(rows), "lrrr")}`);
  for (const file of [flags.json, flags.markdown]) if (file) await mkdir(dirname(file), { recursive: true });
  if (flags.json) await writeJson(flags.json, { machine, warning, rounds, epochs, images: all, rows, measurements });
  const command = ["npm run bench --", ...process.argv.slice(2)].join(" ");
  if (flags.markdown) await writeFile(flags.markdown, benchmarkPage(machine, rows, command, warning));
  return undefined;
});

/** Parameters that restore a folder of images. */
function allOf(images: string): Record<string, unknown> {
  return { "data.source": `path:${images}`, "data.train_per_class": "all", "data.validation_per_class": "all" };
}
