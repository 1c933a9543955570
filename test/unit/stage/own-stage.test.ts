import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { root } from "../../../scripts/setup/paths.mjs";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const from = (file: string) => JSON.stringify(pathToFileURL(join(root, file)).href);

/** Runs a project's own stage `plot`, named like one of ours, that declares `seed` and its own `smooth.width`. */
function run(t: TestContext, params: string, args: string[] = []) {
  const folder = temporaryFolder(t);
  mkdirSync(join(folder, "stages"));
  writeFileSync(join(folder, "params.yaml"), params);
  writeFileSync(join(folder, "stages.lock.json"), '{ "packages": { "plot": { "no-such-package": "1.0.0" } } }');
  writeFileSync(
    join(folder, "stages/plot.mjs"),
    `import { z } from ${JSON.stringify(import.meta.resolve("zod"))};
     import { runStage } from ${from("src/stage/run-stage.ts")};
     await runStage({ describe: "Draws.", params: ["seed"], own: { "smooth.width": z.number() }, paths: {},
       async run({ params, own }) { console.log(JSON.stringify({ params, own })); } });`,
  );
  return spawnSync(process.execPath, ["--import", import.meta.resolve("tsx"), "stages/plot.mjs", ...args], {
    cwd: folder,
    encoding: "utf8",
  });
}

test("a stage of a project's own asks for what it declares and for no more, whatever else our names mean there", (t) => {
  const params = "seed: 3\nsmooth: { width: 5 }\ndata: /elsewhere\ntrain: { lr: 0.1 }\n";
  const { stdout, stderr, status } = run(t, params);
  assert.equal(status, 0, stderr);
  assert.match(stdout, /\{"params":\{"seed":3\},"own":\{"smooth\.width":5\}\}/);

  const refused = run(t, params.replace("seed: 3", "seed: x"));
  assert.equal(refused.status, 1);
  assert.match(refused.stderr, /params\.yaml:1: seed is "x"; it must be a number/);
});

test("its help says how it is called, and names its own parameters", (t) => {
  const { stdout } = run(t, "seed: 1\n", ["--help"]);
  assert.match(stdout, /^node stages\/plot\.mjs \[options\]/);
  assert.match(stdout, /^Parameters: seed, smooth\.width\.$/m);
});
