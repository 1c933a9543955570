import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { lockEntry, lockFile } from "../../../../scripts/setup/python-environment.mjs";

const FLAVORS = ["none", "cpu", "gpu"] as const;

/** The versions of each package of a lock file: it may have one for an older Python and one for a newer. */
function versions(flavor: (typeof FLAVORS)[number]): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [, name, version] of readFileSync(lockFile(flavor), "utf8").matchAll(/^([^\s#=]+)==(\S+)/gm))
    found.set(name as string, [...(found.get(name as string) ?? []), version as string]);
  return found;
}

test("the three lock files agree on every package that they share, and only two hold TensorFlow", () => {
  const locks = FLAVORS.map(versions) as [Map<string, string[]>, Map<string, string[]>, Map<string, string[]>];
  const [none, cpu, gpu] = locks;
  assert.ok(none.size > 100);
  for (const name of none.keys()) assert.ok(cpu.has(name) && gpu.has(name), name);
  for (const [name, found] of cpu) for (const other of locks) assert.deepEqual(other.get(name) ?? found, found, name);
  assert.deepEqual(
    locks.map((lock) => lock.has("tensorflow") && lock.has("keras")),
    [false, true, true],
  );
  assert.ok(![...none.keys()].some((name) => /tensor|keras|nvidia/.test(name)));
});

test("the lock file's entry of uv comes with its hashes and without its neighbours", () => {
  const lock =
    "uv==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via -r x.in\nuvicorn==2.0 \\\n    --hash=sha256:cc\n";
  assert.equal(lockEntry(lock, "uv"), "uv==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n");
  for (const flavor of FLAVORS) {
    assert.match(
      lockEntry(readFileSync(lockFile(flavor), "utf8"), "uv"),
      /^uv==[\d.]+ \\\n( {4}--hash=sha256:[0-9a-f]{64} \\\n)+ {4}--hash=sha256:[0-9a-f]{64}\n$/,
    );
  }
});
