import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { lockEntry, lockFile } from "../../../../scripts/setup/python-environment.mjs";

const FLAVORS = ["none", "cpu", "gpu"] as const;

/** Version and hashes of each package of a lock file, by its name and the platforms that it is for. */
function entries(flavor: (typeof FLAVORS)[number]): Map<string, string> {
  const found = readFileSync(lockFile(flavor), "utf8").matchAll(/^([^\s#=]+)==(\S+)(.*\\\n(?: {4}--hash.*\n)+)/gm);
  return new Map([...found].map(([, name, version, rest]) => [name as string, `${version}${rest}`]));
}
const versionIn = (entry: string | undefined) => entry?.split(" ")[0];

test("the three lock files agree on every package that they share, and only two hold TensorFlow", () => {
  const [none, cpu, gpu] = FLAVORS.map(entries) as [Map<string, string>, Map<string, string>, Map<string, string>];
  assert.ok(none.size > 100);
  for (const [name, entry] of none) {
    assert.equal(versionIn(cpu.get(name)), versionIn(entry), name);
    assert.equal(versionIn(gpu.get(name)), versionIn(entry), name);
  }
  for (const [name, entry] of cpu) if (gpu.has(name)) assert.equal(versionIn(gpu.get(name)), versionIn(entry), name);
  assert.deepEqual(
    [none, cpu, gpu].map((lock) => lock.has("tensorflow") && lock.has("keras")),
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
