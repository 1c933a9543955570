import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { needs } from "../../support/needs.ts";

test("what is missing skips a test, but fails it where CI or POISON_MIRROR is set", () => {
  assert.deepEqual(needs("/usr/bin/chromium", "no browser", { CI: "true" }), { skip: false });
  assert.deepEqual(needs(undefined, "no browser", {}), { skip: "no browser" });
  assert.deepEqual(needs(undefined, "no browser", { CI: "" }), { skip: "no browser" });
  for (const env of [{ CI: "true" }, { CI: "1" }, { POISON_MIRROR: "/mirror" }])
    assert.throws(
      () => needs(undefined, "no browser", env),
      /^Error: no browser\. With CI or POISON_MIRROR set, no test/,
    );
});

test("no test is skipped by another way", () => {
  const files = readdirSync("test", { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".test.ts"));
  assert.ok(files.length > 0);
  const other = /\bskip: (?!.*needs\()|\.(skip|todo|only)\((?!needs\()|\b(todo|only): true/;
  for (const file of files) {
    const lines = readFileSync(`test/${file}`, "utf8").split("\n");
    if (!file.includes("support/needs"))
      assert.deepEqual(
        lines.filter((line) => other.test(line)),
        [],
        file,
      );
  }
});
