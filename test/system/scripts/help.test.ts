import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { folder } from "../../../scripts/programs/help.mjs";
import { root } from "../../../scripts/setup/paths.mjs";
import { askHelp, programsWithHelp } from "../../../tools/help-texts.ts";
import { node } from "../../support/node.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("the texts that --help gives are what the programs say", () => {
  const programs = programsWithHelp();
  assert.deepEqual(
    readdirSync(folder).sort(),
    Object.keys(programs)
      .map((name) => `${name}.txt`)
      .sort(),
  );
  for (const [name, source] of Object.entries(programs))
    assert.equal(
      readFileSync(join(folder, `${name}.txt`), "utf8"),
      askHelp(source),
      `node --import tsx tools/help-texts.ts`,
    );
});

test("in a clone where nothing is installed, every --help answers, and installs nothing", async (t) => {
  const clone = temporaryFolder(t);
  const files = execFileSync(
    "git",
    [
      "ls-files",
      "-z",
      "--cached",
      "--others",
      "--exclude-standard",
      "scripts",
      "src",
      "stages",
      "dvc-poison.mjs",
      "package.json",
    ],
    { cwd: root, encoding: "utf8" },
  )
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(root, file)));
  for (const file of files) cpSync(join(root, file), join(clone, file));
  const before = readdirSync(clone).sort();
  const { scripts } = JSON.parse(readFileSync(join(clone, "package.json"), "utf8")) as {
    scripts: Record<string, string>;
  };
  const calls = Object.values(scripts)
    .filter((call) => call !== "node scripts/prepack.mjs")
    .map((call) => call.split(" ").slice(1));
  for (const stage of readdirSync(join(clone, "stages"))) calls.push(["dvc-poison.mjs", stage.replace(".ts", "")]);
  assert.ok(calls.length > 15);
  for (const call of calls) {
    const [program = "", ...args] = call;
    const { code, stdout, stderr } = await node([join(clone, program), ...args, "--help"], {
      ...process.env,
      NODE_PATH: "",
    });
    assert.equal(code, 0, `${call.join(" ")}: ${stderr}`);
    assert.match(stdout, /^(npm (run|start|test)|node dvc-poison\.mjs) /, call.join(" "));
  }
  assert.deepEqual(readdirSync(clone).sort(), before);
});
