import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commit, createHost } from "../../support/host.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const FAULT = /^! DVC's cache +.*Prüfung ä.* is not ASCII: .*\n +→ dvc cache dir --local FOLDER/m;

test("a project whose path is not ASCII: DVC's copies of it fail in every locale, the doctor says so, and its remedy mends it", async (t) => {
  const host = await createHost(t, { name: "Prüfung ä" });
  writeFileSync(join(host.folder, "dvc.yaml"), "stages:\n  copy:\n    cmd: cp package.json out\n    outs: [out]\n");
  commit(host, "Begin");
  host.must("dvc", "exp", "run");
  for (const LC_ALL of ["C", "C.UTF-8"]) {
    const { code, output } = host.run("env", `LC_ALL=${LC_ALL}`, "dvc", "exp", "run", "--temp", "--force");
    assert.notEqual(code, 0);
    assert.match(output, /'ascii' codec can't encode/);
  }
  assert.match(host.run("npx", "dvc-poison", "doctor").output, FAULT);

  host.must("dvc", "cache", "dir", "--local", temporaryFolder(t));
  assert.match(host.must("dvc", "exp", "run", "--temp", "--force"), /Ran experiment/);
  assert.doesNotMatch(host.run("npx", "dvc-poison", "doctor").output, /^. DVC's cache/m);
});
