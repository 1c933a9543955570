import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, test } from "node:test";
import { HARNESS } from "../../../src/stage/harness.ts";
import { stagesLockText } from "../../../tools/lock-stages.ts";
import { createProject, type Project, stagesRun } from "../../support/project.ts";

/** A change of one file: a text at its end, or all of it anew. */
type Edit = { file: string } & ({ append: string } | { text: string });

let project: Project;
before((t) => {
  project = createProject(t as never);
  project.must("dvc", "repro");
});

/** The stages that `dvc status` names after each edit, by their names without `dvc.yaml:`. */
function staleAfter(edits: readonly Edit[]): string[][] {
  const answer = execFileSync(resolve(".venv/bin/python"), [resolve("test/support/stale.py")], {
    cwd: project.folder,
    env: project.env,
    input: JSON.stringify(edits),
    encoding: "utf8",
  });
  return JSON.parse(answer);
}

test("a change in the harness, MLflow included, makes nothing stale", () => {
  const edits = HARNESS.map((folder) => {
    const files = readdirSync(join(project.folder, folder), { recursive: true, encoding: "utf8" });
    const file = files.filter((name) => name.endsWith(".ts")).sort()[0];
    return { file: `${folder}/${file}`, append: "// one more line\n" };
  });
  for (const [i, stale] of staleAfter(edits).entries()) assert.deepEqual(stale, [], edits[i]?.file);
});

test("a new key in every section of params.yaml makes nothing stale", () => {
  const text = readFileSync(join(project.folder, "params.yaml"), "utf8");
  const sections = [...text.matchAll(/^(\w+): *$/gm)].map((match) => match[1] as string);
  assert.deepEqual(sections, ["attack", "data", "image", "features", "train"]);
  const grown = sections.map((section) => text.replace(`${section}:\n`, `${section}:\n  one_more: 1\n`));
  const edits = [...grown, `${text}\none_more: 1\n`].map((text) => ({ file: "params.yaml", text }));
  for (const stale of staleAfter(edits)) assert.deepEqual(stale, []);
});

test("what editors and systems leave about makes nothing stale", () => {
  const names = [".fit.ts.swp", "fit.ts~", "#fit.ts#", "fit.ts.orig", ".DS_Store", "Thumbs.db"];
  const edits = names.map((name) => ({ file: `src/train/${name}`, text: "x" }));
  for (const [i, stale] of staleAfter(edits).entries()) assert.deepEqual(stale, [], names[i]);
});

test("code that computes makes stale the stage that computes with it, and no other until its outputs differ", () => {
  const cases: [Edit, string[]][] = [
    [{ file: "src/attacks/another.ts", text: "export {};\n" }, ["poison"]],
    [{ file: "src/train/another.ts", text: "export {};\n" }, ["train-top"]],
    [{ file: "src/restore/another.ts", text: "export {};\n" }, ["restore"]],
    [{ file: "src/networks/another.ts", text: "export {};\n" }, ["extract-bottleneck"]],
    [{ file: "src/plots/another.ts", text: "export {};\n" }, ["plot"]],
    [{ file: "stages/poison.ts", append: "// one more line\n" }, ["poison"]],
  ];
  const found = staleAfter(cases.map(([edit]) => edit));
  for (const [i, [edit, expected]] of cases.entries()) assert.deepEqual(found[i], expected, edit.file);
});

test("another sharp makes stale what decodes", () => {
  const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
  lock.packages["node_modules/sharp"].version = "999.0.0";
  const [stale] = staleAfter([{ file: "stages.lock.json", text: stagesLockText(JSON.stringify(lock)) }]);
  assert.deepEqual(stale, ["extract-bottleneck", "plot", "restore"]);
});

test("a new attack reruns poison alone, for the label table keeps its bytes", () => {
  const index = join(project.folder, "src/attacks/another.ts");
  writeFileSync(index, "export {};\n");
  assert.deepEqual(stagesRun(project.must("dvc", "repro")), ["poison"]);
  assert.match(project.must("dvc", "status"), /up to date/);
});

test("a stage refuses a package that is not the locked one, and names the command", () => {
  const file = join(project.folder, "stages.lock.json");
  const text = readFileSync(file, "utf8");
  const lock = JSON.parse(text);
  lock.packages.poison["d3-dsv"] = "999.0.0";
  writeFileSync(file, JSON.stringify(lock));
  const { code, output } = project.run("node", "--import", "tsx", "stages/poison.ts");
  writeFileSync(file, text);
  assert.equal(code, 1);
  assert.match(output, /node_modules\/d3-dsv is 3[\d.]+; stages\.lock\.json.* says 999\.0\.0/);
  assert.match(output, /npm run setup/);
});

test("freezing a stage and back leaves dvc.yaml as it is", () => {
  const before = project.read("dvc.yaml");
  project.must("dvc", "freeze", "plot");
  project.must("dvc", "unfreeze", "plot");
  assert.equal(project.read("dvc.yaml"), before);
});

test("dvc.yaml's stages take at most 150 lines, and its artifact is found", () => {
  const text = project.read("dvc.yaml");
  const lines = text.split("\n");
  const first = lines.indexOf("stages:");
  const end = lines.findIndex((line, i) => i > first && /^\w/.test(line));
  assert.ok(end - first <= 150, `${end - first} lines`);
  assert.match(text, /^artifacts:\n {2}top-model:\n {4}path: data\/model\n {4}type: model\n/m);
});
