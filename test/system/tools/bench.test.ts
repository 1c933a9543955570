import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Random } from "../../../src/numbers/random.ts";
import { createFeatures, writeFeatureMetadata } from "../../../src/records/features.ts";
import { listImages } from "../../../src/records/image-folder.ts";
import { median, type Row, tableRows } from "../../../tools/bench/bench-table.ts";
import type { Measurement } from "../../../tools/bench/programs.ts";
import { image } from "../../support/image-fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A data folder of 16 tiny images and made-up features, which tell the classes apart. */
async function makeData(t: TestContext): Promise<string> {
  const folder = temporaryFolder(t);
  const random = new Random(1);
  for (const [i, place] of ["train/cats", "train/dogs", "validation/cats", "validation/dogs"].entries()) {
    mkdirSync(join(folder, "images", place), { recursive: true });
    for (let n = 0; n < 4; n++) await image(i * 4 + n).toFile(join(folder, "images", place, `${n}.jpg`));
  }
  const counts = { cats: 4, dogs: 4 };
  const dataset = {
    name: "test",
    source: "generated" as const,
    classes: ["cats", "dogs"],
    images: { train: counts, validation: counts },
    digest: "0".repeat(64),
  };
  writeFileSync(join(folder, "images/dataset.json"), JSON.stringify(dataset));
  mkdirSync(join(folder, "bottleneck"));
  const facts = { size: 150, resize: "nearest", preprocess: "rescale" } as const;
  await writeFeatureMetadata(join(folder, "bottleneck"), { base: "vgg16", image: facts, dataset });
  const images = await listImages(join(folder, "images"));
  for (const split of ["train", "validation"] as const) {
    const entries = images.filter((entry) => entry.split === split);
    const writer = await createFeatures(
      join(folder, "bottleneck"),
      split,
      entries.map((entry) => entry.image),
      [1, 1, 8],
    );
    for (const { label } of entries)
      await writer.append(Float32Array.from({ length: 8 }, () => random.float() + (label === "dogs" ? 1 : -2)));
    await writer.close();
  }
  return folder;
}

function run(script: string, ...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--import", "tsx", script, ...args], {
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  return stdout;
}

test("npm run bench measures both on the same data, prints the table and writes the page", async (t) => {
  const data = await makeData(t);
  const [json, page] = [join(data, "out/bench.json"), join(data, "out/bench.md")];
  const small = ["--rounds", "1", "--images", "8", "--epochs", "2"];
  const stdout = run("tools/bench.ts", "--data", data, ...small, "--json", json, "--markdown", page);
  const { measurements, rows, machine } = JSON.parse(readFileSync(json, "utf8")) as {
    measurements: Measurement[];
    rows: Row[];
    machine: Record<string, string>;
  };
  const done = measurements.map(({ step, by, images }) => `${step} ${by} ${images}`);
  assert.deepEqual(done, [
    "restore ours 0",
    "poison ours 0",
    "extraction keras 8",
    "extraction ours 8",
    "training keras 0",
    "training ours 16",
    "plot ours 0",
  ]);
  for (const { work_s, program_s, max_rss_mib } of measurements) {
    assert.ok(work_s > 0 && work_s <= program_s + 0.1, `${work_s} s of ${program_s} s`);
    assert.ok(max_rss_mib > 30 && max_rss_mib < 8000, `${max_rss_mib} MiB`);
  }
  assert.match(machine.Reference ?? "", /^Keras 3\.\d+\.\d+, TensorFlow 2\.\d+\.\d+$/);
  for (const { what } of rows) {
    assert.ok(stdout.includes(what), what);
    assert.ok(readFileSync(page, "utf8").includes(`| ${what} |`), what);
  }
});

test("compare-seeds trains both with each seed", async (t) => {
  const data = await makeData(t);
  const [json, markdown] = [join(data, "seeds.json"), join(data, "seeds.md")];
  const args = ["--seeds", "2", "--epochs", "20", "--data", data, "--json", json, "--markdown", markdown];
  run("tools/compare-seeds.ts", ...args);
  const { runs, ours, keras, difference } = JSON.parse(readFileSync(json, "utf8"));
  assert.deepEqual(
    runs.map((each: { seed: number }) => each.seed),
    [1, 2],
  );
  const losses = runs.flatMap((each: Record<string, { val_loss: number }>) => [
    each.ours?.val_loss,
    each.keras?.val_loss,
  ]);
  assert.equal(new Set(losses).size, 4, "each seed gives another training");
  for (const { ours, keras } of runs) assert.deepEqual([ours.val_accuracy, keras.val_accuracy], [1, 1]);
  assert.deepEqual([ours, keras, difference], [{ mean: 1, deviation: 0 }, { mean: 1, deviation: 0 }, 0]);
  assert.match(readFileSync(markdown, "utf8"), /^\| mean ± standard deviation \| [\d.]+ ± [\d.]+ \|/m);
});

test("the table shows medians, and ratios above 1 where ours is better", () => {
  const measured = (step: Measurement["step"], by: Measurement["by"], program_s: number, work_s: number, images = 0) =>
    ({ step, by, program_s, work_s, images, max_rss_mib: by === "ours" ? 500 : 1000 }) satisfies Measurement;
  const rows = tableRows(
    [
      measured("extraction", "keras", 14, 10, 100), // 10 images/s, 4 s to start
      measured("extraction", "keras", 24, 20, 100),
      measured("extraction", "keras", 9, 5, 100),
      measured("extraction", "ours", 7, 5, 100), // 20 images/s, 2 s to start
      measured("extraction", "onnx", 5, 4, 100), // 25 images/s
      measured("training", "keras", 34, 30),
      measured("training", "ours", 13, 10),
      measured("restore", "ours", 5, 5),
      measured("poison", "ours", 1, 1),
      measured("plot", "ours", 2, 2),
    ],
    { all: 1000, epochs: 10 },
  );
  const row = (start: string) => {
    const { reference, ours, ratio } = rows.find(({ what }) => what.startsWith(start)) as Row;
    return [reference, ours, ratio];
  };
  assert.deepEqual(row("extraction, images/s"), [10, 20, 2]);
  assert.deepEqual(row("extraction, images/s, against ONNX Runtime"), [25, 20, 0.8]);
  assert.deepEqual(row("extraction of 100 images"), [14, 7, 2]);
  assert.deepEqual(row("extraction, peak memory"), [1000, 500, 2]);
  assert.deepEqual(row("training, 10 epochs"), [30, 10, 3]);
  // Keras: 6 × (4 + 1000 / 10 + 34) = 828; ours: 5 + 2 + 1000 / 20 + 6 × (13 + 1 + 2) = 153.
  assert.deepEqual(row("six poison levels"), [828, 153, 828 / 153]);
  assert.deepEqual(row("poison, 1000 images"), [undefined, 1, undefined]);
  assert.deepEqual([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])], [2, 2.5, 7]);
});
