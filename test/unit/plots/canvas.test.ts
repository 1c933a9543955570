import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { addonPlace, packagePlace } from "../../../src/plots/canvas-place.mjs";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** What loading node-canvas says in a project with these files, each by its path and text. */
function failure(t: TestContext, files: Record<string, string>): { message: string; hint: string } {
  const folder = temporaryFolder(t);
  for (const room of ["runtime", "plots"]) cpSync(join("src", room), join(folder, "src", room), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  for (const [path, text] of Object.entries({ ...files, "package.json": '{ "type": "module" }' })) {
    mkdirSync(join(folder, path, ".."), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  const script = `
    const { renderChart } = await import("./src/plots/render.ts");
    await renderChart({}).catch(({ name, message, hint }) => console.log(JSON.stringify({ name, message, hint })));`;
  const args = ["--import", "tsx", "--input-type=module", "--eval", script];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  assert.match(stdout, /"StageError"/, stderr);
  return JSON.parse(stdout);
}

test("what is missing of node-canvas is named, with the set-up that brings it", (t) => {
  const hint = "Set it up: `npm run setup`.";
  const nothing = failure(t, {});
  assert.equal(nothing.message, "node-canvas is not installed: there is no .dvc-poison/canvas/node_modules/canvas.");
  assert.equal(nothing.hint, hint);

  const npm = { [`${packagePlace}/package.json`]: '{ "main": "index.js" }' };
  const noAddon = failure(t, npm);
  assert.match(noAddon.message, /^node-canvas is not compiled: there is no .*\/canvas\.node\.$/);
  assert.equal(noAddon.hint, hint);

  const loads = "throw new Error('libcairo.so.2: cannot open shared object file')";
  const noCairo = failure(t, { ...npm, [addonPlace]: "", [`${packagePlace}/index.js`]: loads });
  assert.match(noCairo.message, /^node-canvas cannot be loaded: libcairo\.so\.2: cannot open/);
  // The set-up leaves alone an addon that is there.
  assert.match(noCairo.hint, /^Delete the addon and build it anew: rm '.+\/canvas\.node' && npm run setup$/);
});
