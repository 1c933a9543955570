import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { needs } from "../../../support/needs.ts";
import { setupUrl } from "../../../support/node.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** Says much, and then that it has come to its end, in a file. */
const PROGRAM = `
  for (let i = 0; i < 20_000; i++) console.log("line " + i);
  console.error("a warning");
  require("node:fs").writeFileSync(process.argv[1], "the end");
  process.exitCode = 7;
`;

const fullDisk = needs(existsSync("/dev/full"), "There is no /dev/full here");

for (const [what, shown] of [
  ["a reader that goes", "| head -1"],
  ["a full disk", "> /dev/full"],
  ["a full disk behind both outputs", "> /dev/full 2>&1"],
  ["closed outputs", ">&- 2>&-"],
] as const)
  test(
    `a program that the launcher hands the terminal to ends as it would, whatever becomes of its words: ${what}`,
    fullDisk,
    (t) => {
      const folder = temporaryFolder(t);
      const [script, end, code] = ["launcher.mjs", "end", "code"].map((name) => join(folder, name)) as [
        string,
        string,
        string,
      ];
      writeFileSync(
        script,
        `const { cli } = await import(${setupUrl("cli.mjs")});
       const { passOn } = await import(${setupUrl("run.mjs")});
       await cli(() => passOn(process.execPath, ["-e", ${JSON.stringify(PROGRAM)}, ${JSON.stringify(end)}]));`,
      );
      const command = `{ "$0" "$1"; echo $? > "$2"; } ${shown}`;
      const { stderr } = spawnSync("sh", ["-c", command, process.execPath, script, code], { encoding: "utf8" });
      assert.equal(readFileSync(end, "utf8"), "the end");
      assert.equal(readFileSync(code, "utf8").trim(), "7");
      assert.doesNotMatch(stderr, /^\s+at /m);
    },
  );
