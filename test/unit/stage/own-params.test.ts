import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { z } from "zod";
import { isOwn, loadOwnParams } from "../../../src/stage/own-params.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const schemas = { "evaluate.threshold": z.number().max(1), name: z.string().optional() };

test("values of a stage's own stand at the top of the file where our section stands; settings come before them", async (t) => {
  const file = join(temporaryFolder(t), "params.yaml");
  writeFileSync(file, "# c\nevaluate:\n  threshold: 0.5\ndvc_poison: {evaluate: {threshold: 9}}\n");
  assert.deepEqual(await loadOwnParams(schemas, `${file}:dvc_poison`, []), {
    "evaluate.threshold": 0.5,
    name: undefined,
  });
  const set = await loadOwnParams(schemas, file, ["evaluate.threshold=0.25", "name=a"]);
  assert.deepEqual(set, { "evaluate.threshold": 0.25, name: "a" });
});

test("all that is wrong is said at once: file, line, key, value and what the schema says", async (t) => {
  const file = join(temporaryFolder(t), "params.yaml");
  writeFileSync(file, "# c\nevaluate:\n  threshold: 2\nname: 3\n");
  await assert.rejects(loadOwnParams(schemas, file, []), ({ message }: Error) => {
    const [first, second] = message.split("\n") as [string, string];
    assert.ok(first.startsWith(`${file}:3: evaluate.threshold is 2: `), first);
    assert.ok(second.startsWith(`${file}:4: name is 3: `), second);
    return true;
  });
  await assert.rejects(loadOwnParams(schemas, file, ["evaluate.threshold=5", "name=a"]), {
    message: /params\.yaml: evaluate\.threshold is 5: /,
  });
  writeFileSync(file, "other: 1\n");
  await assert.rejects(loadOwnParams(schemas, file, []), { message: /: evaluate\.threshold is missing: / });
});

test("which settings are a stage's own", () => {
  assert.ok(isOwn("evaluate.threshold=1", ["evaluate"]) && isOwn("name=a", ["name"]));
  assert.ok(!isOwn("names=a", ["name"]) && !isOwn("name", ["name"]));
});
