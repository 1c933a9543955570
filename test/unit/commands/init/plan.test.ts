import assert from "node:assert/strict";
import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { planInit } from "../../../../src/commands/init/plan.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

/** A folder as `dvc init` leaves it. */
function project(t: TestContext): string {
  const folder = realpathSync(temporaryFolder(t));
  mkdirSync(join(folder, ".dvc"));
  return folder;
}

const refuse = (wish: Parameters<typeof planInit>[0], message: RegExp) =>
  assert.throws(() => planInit(wish), { name: "StageError", message });

test("once written, there is nothing to do; nothing is written before", (t) => {
  const folder = project(t);
  const { changes } = planInit({ folder });
  assert.throws(() => readFileSync(join(folder, "dvc.yaml")), { code: "ENOENT" });
  for (const { path, content } of changes) {
    mkdirSync(join(path, ".."), { recursive: true });
    writeFileSync(path, content);
  }
  assert.deepEqual(planInit({ folder }).changes, []);
});

test("parameters stand where they are asked for, in a file of YAML within the folder", (t) => {
  const folder = project(t);
  assert.equal(planInit({ folder, params: "poison.yaml:a" }).place, "poison.yaml:a");
  for (const params of ["p.json", "p.toml", "p.toml:a", "../p.yaml", "my p.yaml", "p.yaml:a b", "$(x).yaml"])
    refuse({ folder, params }, /^--params is ".*"; init writes YAML/);
});

test("a link within the project stays one; a link that leads out, or nowhere, is refused", (t) => {
  const folder = project(t);
  const link = join(folder, "params.yaml");
  mkdirSync(join(folder, "conf"));
  const target = join(folder, "conf", "params.yaml");
  writeFileSync(target, "lr: 1\n");
  symlinkSync(target, link);
  const paths = planInit({ folder }).changes.map(({ path }) => path);
  assert.ok(paths.includes(target) && !paths.includes(link));
  const outside = join(temporaryFolder(t), "params.yaml");
  rmSync(link);
  symlinkSync(outside, link);
  refuse({ folder }, /^params\.yaml is a symbolic link that leads out of the project/);
  writeFileSync(outside, "lr: 1\n");
  refuse({ folder }, /^params\.yaml is a symbolic link that leads out of the project/);
});

test("a merge that nobody has settled is said by file and line", (t) => {
  const folder = project(t);
  for (const file of ["params.yaml", "dvc.yaml"]) {
    writeFileSync(join(folder, file), "a: 1\n<<<<<<< HEAD\nb: 1\n=======\nb: 2\n>>>>>>> other\n");
    refuse({ folder }, new RegExp(`^${file}:2: conflict markers of git`));
  }
});

test("what is no file, no UTF-8 or not ours is refused by name", (t) => {
  const folder = project(t);
  mkdirSync(join(folder, "dvc.yaml"));
  refuse({ folder }, /^dvc\.yaml is there already, and is no file/);
  rmSync(join(folder, "dvc.yaml"), { recursive: true });
  writeFileSync(join(folder, "dvc.yaml"), Buffer.from("# caf\xe9\n", "latin1"));
  refuse({ folder }, /^dvc\.yaml is not UTF-8/);
  rmSync(join(folder, "dvc.yaml"));
  writeFileSync(join(folder, "dvc-poison.mjs"), "console.log(1);\n");
  refuse({ folder }, /^dvc-poison\.mjs: there is such a file already, which is not dvc-poison's/);
});

test("images of a project's own, with a name that YAML would not read as it is", (t) => {
  const plan = planInit({ folder: project(t), images: "my images #2" });
  const params = plan.changes.find(({ path }) => path.endsWith("params.yaml"));
  assert.match(String(params?.content), /^ {2}source: "path:my images #2"/m);
  assert.deepEqual(plan.awaited, ["my images #2"]);
});
