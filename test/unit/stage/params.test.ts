import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { loadParams } from "../../../src/stage/params.ts";
import { schemaText } from "../../../tools/schema.ts";

const refused = (override: string, message: string) =>
  assert.throws(() => loadParams("params.yaml", [override]), { name: "StageError", message });

test("the project's params.yaml is valid and holds the study's values", () => {
  const params = loadParams("params.yaml");
  assert.deepEqual(params.train, {
    epochs: 10,
    batch_size: 10,
    optimizer: "rmsprop",
    learning_rate: 0.001,
    hidden_units: 256,
    dropout: 0.5,
    export_full: false,
  });
  assert.deepEqual(params.data, { source: "auto", train_per_class: 1000, validation_per_class: 400 });
});

test("-S overrides as DVC does, with YAML values", () => {
  const params = loadParams("params.yaml", [
    "poison=7.5",
    "train.epochs=20",
    "data.source=path:my images",
    "data.train_per_class=all",
  ]);
  assert.equal(params.poison, 7.5);
  assert.equal(params.train.epochs, 20);
  assert.equal(params.data.source, "path:my images");
  assert.equal(params.data.train_per_class, "all");
});

test("each bad value is refused with key, value and limit", () => {
  refused("poison=-1", "-S: poison is -1; it must be at least 0.");
  refused("poison=101", "-S: poison is 101; it must be at most 100.");
  refused("poison=ten", '-S: poison is "ten"; it must be a number.');
  refused("poison=.nan", "-S: poison is NaN; it must be a number.");
  refused("train.batch_size=0", "-S: train.batch_size is 0; it must be at least 1.");
  refused('train.epochs="10"', '-S: train.epochs is "10"; it must be a number.');
  refused("train.export_full=1", "-S: train.export_full is 1; it must be true or false.");
  refused("seed=1.5", "-S: seed is 1.5; it must be a whole number.");
  refused("image.resize=cubic", '-S: image.resize is "cubic"; it must be nearest or bilinear or lanczos3.');
  refused(
    "data.source=ftp",
    '-S: data.source is "ftp"; it must be auto, registry, mirror, generated or path:FOLDER|ZIP|TAR.',
  );
  refused("data.train_per_class=few", '-S: data.train_per_class is "few"; it must be a number or all.');
  refused("train=5", "-S: train is 5; it must be a mapping of keys.");
  refused("poison", "-S poison: not of the form key=value.");
});

test("a misspelt key is refused with the keys that are allowed there", () => {
  refused(
    "train.dropot=0.1",
    '-S: unknown parameter "train.dropot"; allowed here: epochs, batch_size, optimizer, learning_rate, hidden_units, dropout, export_full.',
  );
  refused("posion=5", '-S: unknown parameter "posion"; allowed here: poison, seed, data, image, base, train.');
});

test("a fault in the file is named with its line", () => {
  const file = join(mkdtempSync(join(tmpdir(), "params-")), "params.yaml");
  const text = readFileSync("params.yaml", "utf8");
  const line = text.split("\n").findIndex((row) => row.includes("batch_size:")) + 1;
  writeFileSync(file, text.replace(/batch_size: \d+/, "batch_size: 0"));
  assert.throws(() => loadParams(file), { message: `${file}:${line}: train.batch_size is 0; it must be at least 1.` });
  writeFileSync(file, text.replace(/^seed:.*\n/m, ""));
  assert.throws(() => loadParams(file), { message: `${file}: parameter "seed" is missing; it must be a number.` });
  writeFileSync(file, "poison: [");
  assert.throws(() => loadParams(file), /not valid YAML/);
  writeFileSync(file, "");
  assert.throws(() => loadParams(file), { name: "StageError" });
  assert.throws(() => loadParams(`${file}.missing`), {
    name: "StageError",
    message: `${file}.missing cannot be read.`,
  });
});

test("the schema for editors is the one generated from the code", () => {
  assert.equal(readFileSync("src/stage/params.schema.json", "utf8"), schemaText());
});
