import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { type OurPipeline, ourPipeline, type StageText } from "../../../../src/commands/init/our-stages.ts";
import { wire } from "../../../../src/commands/init/wire.ts";

const ours = ourPipeline({ place: "params.yaml" });

/** Our pipeline as a project has it after changes of its own, and what wiring it again makes of it. */
function again(change: (stages: Record<string, Required<StageText>>) => void): { before: string; after: string } {
  const { stages, artifacts }: OurPipeline = parse(stringify(ours));
  change(stages as Record<string, Required<StageText>>);
  const before = stringify({ stages, artifacts }, { lineWidth: 0 });
  return { before, after: wire(before, ours, "dvc.yaml").text };
}

test("a stage that reads another table than ours gets none of ours back", () => {
  const { before, after } = again((stages) => {
    for (const name of ["train-top", "plot"]) {
      const stage = stages[name] as Required<StageText>;
      stage.cmd = stage.cmd.replace("data/labels.csv", "data/clean-labels.csv");
      stage.deps = stage.deps.map((path) => path.replace("data/labels.csv", "data/clean-labels.csv"));
    }
  });
  assert.equal(after, before);
});

test("a stage that writes elsewhere than ours is not declared to write there too, figures in a folder included", () => {
  const { before, after } = again(({ poison, "train-top": train }) => {
    if (!poison || !train) throw new Error("there are such stages");
    poison.cmd = poison.cmd.replace("data/labels.csv", "data/poisoned.csv");
    poison.outs = ["data/poisoned.csv"];
    train.cmd = train.cmd.replace("plots/figures", "figures");
    train.metrics = train.metrics.filter((metric) => !JSON.stringify(metric).includes("plots/figures"));
  });
  assert.equal(after, before);
});

test("what a stage lacks beside that is added", () => {
  const { after } = again(({ "train-top": train }) => {
    if (!train) throw new Error("there is such a stage");
    train.cmd = train.cmd.replace("data/labels.csv", "data/clean-labels.csv");
    train.deps = ["data/clean-labels.csv"];
  });
  assert.deepEqual(parse(after).stages["train-top"].deps, ["data/clean-labels.csv", "data/bottleneck"]);
});
