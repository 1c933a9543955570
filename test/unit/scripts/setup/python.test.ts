import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { isSupported } from "../../../../scripts/setup/python.mjs";
import { node, setupUrl } from "../../../support/node.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("Python 3.10 to 3.13 are supported", () => {
  for (const version of ["3.10.0", "3.11.7", "3.12.0rc1", "3.13.2"]) assert.equal(isSupported(version), true, version);
  for (const version of ["2.7.18", "3.9.18", "3.14.0", "4.11.0", "3", ""])
    assert.equal(isSupported(version), false, version);
});

test("without a Python the set-up says which it looked for and what to install", async () => {
  const script = `(await import(${setupUrl("python.mjs")})).findPython(console.log).catch((error) => console.log(error.message, error.hint))`;
  const args = ["--input-type=module", "-e", script];
  const none = await node(args, { PATH: "/nonexistent" });
  assert.match(
    none.stdout,
    /^No Python 3\.10–3\.13 found \(tried python3, python3\.13, .*python3\.10.*apt-get install .*python3-venv/,
  );
  const named = await node(args, { PATH: "/nonexistent", POISON_PYTHON: "/nowhere/python" });
  assert.match(named.stdout, /tried \/nowhere\/python/);
});

test("where the system's Python is too new, no package of the system is named but uv", async (t) => {
  const folder = temporaryFolder(t);
  writeFileSync(join(folder, "python3"), "#!/bin/sh\necho 3.14.0 venv\n", { mode: 0o755 });
  const script = `(await import(${setupUrl("python.mjs")})).findPython(console.log).catch((error) => console.log(error.message, error.hint))`;
  const { stdout } = await node(["--input-type=module", "-e", script], { PATH: folder });
  assert.match(
    stdout,
    /\(python3 is 3\.14\.0\).*uv python install 3\.13 .*POISON_PYTHON="\$\(uv python find 3\.13\)" npm run setup/,
  );
  assert.doesNotMatch(stdout, /apt/);
});
