import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { showDifference } from "../../../../src/commands/init/difference.ts";
import { addLines } from "../../../../src/commands/init/lines.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("lines that a file would get, and of a program their number", (t) => {
  const file = join(temporaryFolder(t), "dvc.yaml");
  assert.equal(showDifference("dvc.yaml", file, "a: 1\n\nb: 2\n"), "dvc.yaml (new)\n+ a: 1\n+ b: 2");
  writeFileSync(file, "a: 1\r\n# c\r\n");
  assert.equal(showDifference("dvc.yaml", file, "a: 1\r\na: 1\r\n# c\r\n"), "dvc.yaml\n+ a: 1");
  assert.equal(showDifference("x.mjs", `${file}.mjs`, "1\n2"), "x.mjs (new): 2 lines");
});

test("an ignore file gets the lines that it lacks, once, with its line ends", () => {
  const once = addLines("/node_modules/\r\n*.log", ["/node_modules", "/.mlflow"], "# h");
  assert.deepEqual(once, { text: "/node_modules/\r\n*.log\r\n# h\r\n/.mlflow\r\n", added: ["/.mlflow"] });
  assert.deepEqual(addLines(once.text, ["/.mlflow"], "# h"), { text: once.text, added: [] });
});
