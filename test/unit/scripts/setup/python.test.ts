import assert from "node:assert/strict";
import { test } from "node:test";
import { isSupported } from "../../../../scripts/setup/python.mjs";
import { node, setupUrl } from "../../../support/node.ts";

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
