import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { Random } from "../../src/numbers/random.ts";
import { createFeatures } from "../../src/records/features/features.ts";
import { listImages } from "../../src/records/format/image-folder.ts";
import type { Row } from "../../tools/bench/bench-table.ts";
import type { Measurement } from "../../tools/bench/programs.ts";
import { image } from "../support/image-fixtures.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

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
  const seen = { size: 32, resize: "nearest", preprocess: "rescale" } as const;
  const images = await listImages(join(folder, "images"));
  const writer = await createFeatures(
    join(folder, "bottleneck"),
    images.map((entry) => entry.image),
    [1, 1, 512],
  );
  for (const { label } of images)
    await writer.append(Float32Array.from({ length: 512 }, () => random.float() / 8 + (label === "dogs" ? 1 : -2) / 8));
  await writer.close({ base: "vgg16", image: seen, dataset });
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
    "start-up ours 0",
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
