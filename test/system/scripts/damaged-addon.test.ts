import assert from "node:assert/strict";
import { cpSync, readFileSync, rmSync, truncateSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { place } from "../../../src/networks/convolution/addon.mjs";
import { addonPlace as canvasPlace } from "../../../src/plots/canvas-place.mjs";
import { digestOf, stampPlace } from "../../../src/runtime/built-addon.mjs";
import { addonPlace as tensorflowPlace } from "../../../src/tensorflow/place.mjs";
import { doctorOf } from "../../support/doctor.ts";
import { createProject, type Project } from "../../support/project.ts";

/** A project of its own whose addons may be damaged. */
function withAddons(...args: Parameters<typeof createProject>): Project {
  const project = createProject(...args);
  rmSync(join(project.folder, ".dvc-poison"));
  cpSync(".dvc-poison", join(project.folder, ".dvc-poison"), { recursive: true });
  return project;
}

/** Cuts an addon in half, as a full disk or a broken copy does: to load it kills the program. */
function damage({ folder }: Project, addon: string): void {
  const file = join(folder, addon);
  const stamp = JSON.parse(readFileSync(stampPlace(file), "utf8"));
  assert.equal(stamp.addon, digestOf(file), "as the set-up has stamped it");
  truncateSync(file, Math.floor(readFileSync(file).length / 2));
}

/** Whether the set-up has nothing to do for an addon. */
const isDone = (project: Project, module: string, step: string) =>
  project.must(
    "node",
    "-e",
    `import("./scripts/setup/${module}").then(async (m) => console.log(await m.${step}.done()))`,
  );

test("a damaged addon is said, by stage, probe and doctor, and the set-up compiles it anew", (t) => {
  const project = withAddons(t);
  assert.match(isDone(project, "convolution-addon.mjs", "convolutionAddon"), /true/);
  damage(project, place);
  assert.match(isDone(project, "convolution-addon.mjs", "convolutionAddon"), /false/);
  project.must("dvc", "repro", "--quiet", "restore");
  const stage = project.run("dvc", "repro", "extract-bottleneck");
  assert.match(
    stage.output,
    /extract-bottleneck: .*convolution\.node is damaged: .*\n {2}→ Build it anew: npm run setup/,
  );
  assert.match(stage.output, /exited with 1\b/, "not killed");
  const doctor = doctorOf(project);
  assert.match(doctor, /^✗ Convolutions +do not compute: .*convolution\.node is damaged[\s\S]*?→ npm run setup/m);
  const rebuilt = `import("./scripts/setup/convolution-addon.mjs").then(async (m) => console.log(await m.convolutionAddon.run(console.log)))`;
  assert.match(project.must("node", "-e", rebuilt), /^compiled with/m);
  assert.match(isDone(project, "convolution-addon.mjs", "convolutionAddon"), /true/);
  project.must("dvc", "repro", "--quiet", "extract-bottleneck");
});

test("so are node-canvas's and TensorFlow's", (t) => {
  const project = withAddons(t);
  assert.match(isDone(project, "canvas-addon.mjs", "canvasAddon"), /true/);
  for (const addon of [canvasPlace, tensorflowPlace]) damage(project, addon);
  assert.match(isDone(project, "canvas-addon.mjs", "canvasAddon"), /false/);
  const tensorflow = project.run("node", "dvc-poison.mjs", "probe-tensorflow", "cpu");
  assert.deepEqual(
    [tensorflow.code, /tfjs_binding\.node is damaged.*\n {2}→ Set it up/.test(tensorflow.output)],
    [1, true],
  );
  project.must("dvc", "repro", "--quiet", "train-top");
  const plot = project.run("dvc", "repro", "plot").output;
  assert.match(plot, /plot: .*canvas\.node is damaged: .*\n {2}→ Set it up: `npm run setup`/);
  assert.match(plot, /exited with 1\b/);
});
