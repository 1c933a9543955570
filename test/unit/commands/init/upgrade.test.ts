import assert from "node:assert/strict";
import { test } from "node:test";
import { parse, stringify } from "yaml";
import { leavesOf, type OurPipeline, ourPipeline } from "../../../../src/commands/init/our-stages.ts";
import { addParameters } from "../../../../src/commands/init/parameters.ts";
import { wire } from "../../../../src/commands/init/wire.ts";
import { parsePlace } from "../../../../src/dvc/params-place.ts";
import { studyParams } from "../../../../tools/study-params.ts";

const ours = ourPipeline({ place: "params.yaml" });

test("a project from before attack.balance gets the key with its comment, the parameter, and the metrics of the labels", () => {
  const { stages, artifacts }: OurPipeline = parse(stringify(ours));
  const poison = stages.poison as Required<OurPipeline["stages"][string]>;
  poison.cmd = poison.cmd.replace(" --metrics metrics/labels.json", "");
  poison.params = poison.params.filter((name) => name !== "attack.balance");
  const { metrics: _, ...before } = poison;
  const { text, done } = wire(stringify({ stages: { ...stages, poison: before }, artifacts }), ours, "dvc.yaml");
  const after = parse(text).stages.poison;
  assert.equal(after.cmd, ours.stages.poison?.cmd);
  assert.deepEqual(after.metrics, ours.stages.poison?.metrics);
  assert.ok(after.params.includes("attack.balance"));
  assert.ok(
    done.every((what) => what.startsWith("stage poison: ")),
    done.join("\n"),
  );

  const now = studyParams();
  const params = now.replace(/^ {2}balance: .*\n/m, "");
  assert.notEqual(params, now);
  const upgraded = addParameters(params, parsePlace("params.yaml"), leavesOf(undefined));
  assert.deepEqual(upgraded.added, ["attack.balance"]);
  assert.equal(parse(upgraded.text).attack.balance, "equal");
  assert.match(upgraded.text, /balance: equal +# equal: /);
});
