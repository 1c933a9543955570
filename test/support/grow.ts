/*
 * A stage that writes a row and awaits the next word on its standard input: `row`, `fail`, `forget` (an output) or `end`.
 */
import { rm, writeFile } from "node:fs/promises";
import { createInterface } from "node:readline";
import { writeJson } from "../../src/records/format/json.ts";
import { writeWhole } from "../../src/runtime/atomic-write.ts";
import { StageError } from "../../src/runtime/errors.ts";
import { output, runStage } from "../../src/stage/run-stage.ts";

await runStage({
  describe: "Grow.",
  params: ["seed"],
  paths: { live: output("grows", { live: true }), other: output("does not") },
  async run({ paths }) {
    await writeFile(paths.other, "other");
    const rows: number[] = [];
    for await (const word of createInterface({ input: process.stdin })) {
      if (word === "fail") throw new StageError("told to fail");
      if (word === "forget") await rm(paths.other);
      if (word === "forget" || word === "end") break;
      rows.push(rows.length + 1);
      await writeWhole(paths.live, (file) => writeJson(file, rows));
    }
  },
});
