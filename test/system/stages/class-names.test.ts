import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { copyProject } from "../../../tools/copy-project.ts";
import { studyParams } from "../../../tools/study-params.ts";
import { image } from "../../support/image-fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A project whose images lie in a folder of its own, four of each class and split. */
async function projectOf(t: TestContext, classes: readonly string[]) {
  const folder = temporaryFolder(t);
  copyProject(folder);
  const params = {
    poison: 40,
    "data.source": "path:given",
    "data.train_per_class": "all",
    "data.validation_per_class": "all",
    "image.size": 32,
    "train.epochs": 2,
    "train.hidden_units": 8,
  };
  writeFileSync(join(folder, "params.yaml"), studyParams(params));
  let number = 0;
  for (const split of ["train", "validation"])
    for (const name of classes) {
      const place = join(folder, "given", split, name);
      mkdirSync(place, { recursive: true });
      for (let i = 1; i <= 4; i++)
        await image(number++)
          .png()
          .toFile(join(place, `${i}.png`));
    }
  const { MLFLOW_TRACKING_URI, ...env } = process.env;
  const run = (...args: string[]) =>
    spawnSync(process.execPath, args, { cwd: folder, env: { ...env, POISON_DEVICE: "cpu" }, encoding: "utf8" });
  const read = (file: string) => JSON.parse(readFileSync(join(folder, file), "utf8"));
  return { run, read };
}

for (const classes of [
  ["constructor", "hasOwnProperty", "isPrototypeOf", "toString"],
  ["constructor", "toString"],
])
  test(`every stage takes ${classes.length} classes named like what each object has: ${classes.join(", ")}`, async (t) => {
    const { run, read } = await projectOf(t, classes);
    for (const stage of ["restore", "poison", "extract-bottleneck", "train-top", "plot"]) {
      const { status, stderr } = run("dvc-poison.mjs", stage);
      assert.equal(status, 0, `${stage}: ${stderr}`);
    }
    const { images } = read("data/images/dataset.json");
    assert.deepEqual(
      Object.entries(images.train),
      classes.map((name) => [name, 4]),
    );
    const { recall, precision } = read("metrics/validation.json");
    assert.deepEqual([Object.keys(recall), Object.keys(precision)], [classes, classes]);
    const rows = read("plots/predictions.json") as { label: string; predicted: string }[];
    assert.equal(rows.length, 4 * classes.length);
    assert.ok(rows.every(({ label, predicted }) => classes.includes(label) && classes.includes(predicted)));
    assert.equal(read("plots/figures/confusion.json").length, classes.length ** 2);

    const predicted = run(
      ...["--import", "tsx", resolve("src/commands/predict.ts"), "--model", "data/model", "--json"],
      `given/train/${classes[0]}/1.png`,
    );
    assert.equal(predicted.status, 0, predicted.stderr);
    assert.deepEqual(Object.keys(JSON.parse(predicted.stdout)[0].probabilities), classes);
  });

test("the one name that JavaScript keeps for itself is refused before anything is written", async (t) => {
  const { run } = await projectOf(t, ["__proto__", "cats"]);
  const { status, stderr } = run("dvc-poison.mjs", "restore");
  assert.equal(status, 1);
  assert.match(stderr, /train\/__proto__: JavaScript keeps this name for itself\./);
});
