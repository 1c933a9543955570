import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { describeFolder } from "../../../src/dvc/folder-digest.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a folder's digest is DVC's", async (t) => {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "data/b"), { recursive: true });
  for (const [file, text] of Object.entries({ "b/ü.txt": "1", "a.txt": "2", "b.txt": "" }))
    writeFileSync(join(folder, "data", file), text);
  const dvc = (...args: string[]) =>
    execFileSync(resolve(".venv/bin/dvc"), args, { cwd: folder, env: { ...process.env, DVC_NO_ANALYTICS: "1" } });
  dvc("init", "--quiet", "--no-scm");
  dvc("add", "--quiet", "data");
  const noted = /md5: (\w+\.dir)/.exec(execFileSync("cat", [join(folder, "data.dvc")], { encoding: "utf8" }))?.[1];
  assert.equal((await describeFolder(join(folder, "data"))).md5, noted);
});
