import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../../../scripts/setup/paths.mjs";
import { lockEntry } from "../../../../scripts/setup/python-environment.mjs";

test("the lock file's entry of uv comes with its hashes and without its neighbours", () => {
  const lock =
    "uv==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via -r x.in\nuvicorn==2.0 \\\n    --hash=sha256:cc\n";
  assert.equal(lockEntry(lock, "uv"), "uv==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n");
  for (const flavor of ["cpu", "gpu"]) {
    const real = readFileSync(join(root, "scripts", "python", `requirements-${flavor}.txt`), "utf8");
    assert.match(
      lockEntry(real, "uv"),
      /^uv==[\d.]+ \\\n( {4}--hash=sha256:[0-9a-f]{64} \\\n)+ {4}--hash=sha256:[0-9a-f]{64}\n$/,
    );
  }
});
