import assert from "node:assert/strict";
import { resolve } from "node:path";
import { test } from "node:test";
import { createExample } from "../../support/example.ts";
import { stagesRun } from "../../support/project.ts";

test("a stage of its own repairs labels between two of ours, as the README says", async (t) => {
  const { committed, follow, read, must, run } = await createExample(t, "own-stage");
  const said = follow();

  for (const file of ["dvc.yaml", ".gitignore"]) assert.equal(read(file), committed[file], `init has left ${file}`);
  assert.equal(must("git", "show", "HEAD~1:params.yaml"), committed["params.yaml"]);
  assert.match(must("npx", "dvc-poison", "init", "--no-setup"), /everything is there/);

  const ran = (line: string) => stagesRun(said.get(line) as string);
  const behind = ["clean", "train-top", "plot"];
  assert.deepEqual(ran("dvc exp run").sort(), ["restore", "poison", "extract-bottleneck", ...behind].sort());
  assert.deepEqual(ran("dvc exp run -S clean.agreement=0.6"), behind);
  assert.deepEqual(ran("dvc exp run -S poison=0"), ["poison", ...behind]);
  assert.match(said.get("dvc repro") as string, /up to date/);

  const figures = /are left, (\d+), .*? for that, (\d+), .*? been true, (\d+)/s.exec(committed["README.md"] as string);
  const [left, changed, spoiled] = (figures ?? []).slice(1).map(Number);
  assert.deepEqual(JSON.parse(must("git", "show", "HEAD:metrics/clean.json")), {
    wrong_labels_before: 40,
    wrong_labels_after: left,
    changed,
    spoiled,
  });
  const labels = must("git", "show", "HEAD:metrics/train.json");
  assert.equal(JSON.parse(labels).poisoned_images, left, "training believes the repaired labels");
  const clean = JSON.parse(read("metrics/clean.json"));
  assert.equal(clean.wrong_labels_before, 0);
  assert.equal(clean.spoiled, clean.changed);
  assert.match(said.get("dvc metrics diff") as string, /metrics\/clean\.json +changed/);

  const refused = run("node", "stages/clean.mjs", "-S", "clean.agreement=2");
  assert.equal(refused.code, 1);
  assert.match(refused.output, /clean\.agreement is 2: .*<=1/);
  assert.match(run("dvc", "status").output, /up to date/, "a refused stage leaves its outputs");
});

test("the votes of neighbours: nearest by angle, itself left out", async () => {
  const { vote } = await import(resolve("examples/own-stage/stages/neighbours.mjs"));
  const rows = Float32Array.of(1, 0, 5, 0.1, 2, 0.1, 0, 1, 0.1, 3);
  assert.deepEqual(vote(rows, ["a", "a", "b", "b", "b"], 2), [
    { label: "a", share: 0.5 },
    { label: "a", share: 0.5 },
    { label: "a", share: 1 },
    { label: "b", share: 1 },
    { label: "b", share: 1 },
  ]);
});
