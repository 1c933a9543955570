import assert from "node:assert/strict";
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { root } from "../../../scripts/setup/paths.mjs";
import { node } from "../../support/node.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("outside of git, -S is refused before anything is set up", async (t) => {
  const folder = temporaryFolder(t);
  cpSync(join(root, "scripts"), join(folder, "scripts"), { recursive: true });
  // What it shares: plain Node.
  for (const room of ["runtime", "dvc", "tensorflow", "plots", join("networks", "convolution")])
    cpSync(join(root, "src", room), join(folder, "src", room), { recursive: true });
  cpSync(join(root, "package.json"), join(folder, "package.json"));
  mkdirSync(join(folder, "data"));
  const { code, stdout, stderr } = await node([join(folder, "scripts", "start.mjs"), "-S", "poison=5"], {
    ...process.env,
    GIT_CEILING_DIRECTORIES: join(folder, ".."),
  });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /-S .* git repository[\s\S]*hint: edit the value in params\.yaml/);
  assert.deepEqual(readdirSync(folder).sort(), ["data", "package.json", "scripts", "src"]);
});
