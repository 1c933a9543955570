import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { pathToFileURL } from "node:url";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const PARTS = ["stages", "src", "scripts", "dvc-poison.mjs", "package.json", "dvc.yaml"];

/** A copy of the project whose programs are not compiled. */
function copy(t: TestContext): string {
  const folder = temporaryFolder(t);
  for (const part of PARTS) cpSync(part, join(folder, part), { recursive: true });
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  return folder;
}

function run(folder: string, ...args: string[]): Promise<{ code: number | null; output: string }> {
  return new Promise((settle) => {
    const child = spawn(process.execPath, args[0]?.endsWith(".mjs") ? args : ["dvc-poison.mjs", ...args], {
      cwd: folder,
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    child.on("close", (code) => settle({ code, output }));
  });
}

const chunks = (place: string) =>
  readdirSync(place)
    .filter((name) => name.endsWith(".mjs"))
    .map((name) => readFileSync(join(place, name), "utf8"))
    .join("");
const compiled = (folder: string) => readdirSync(join(folder, ".dvc-poison/programs"));

test("a program that nobody knows, or none, is an error that names those there are", async () => {
  for (const args of [["constructor"], []]) {
    const { code, output } = await run(".", ...args);
    assert.equal(code, 1);
    assert.match(output, /^error: .*: there are .*\bpoison\b.*\bpredict\b/);
  }
  const { code, output } = await run(".", "--help");
  assert.equal(code, 0);
  assert.match(output, /^Stages, which dvc\.yaml calls: .*train-top/m);
});

test("programs are compiled once for what their sources are, by however many begin at the same time", async (t) => {
  const folder = copy(t);
  const both = await Promise.all([run(folder, "poison", "--help"), run(folder, "plot", "--help")]);
  for (const { code, output } of both) assert.equal(code, 0, output);
  assert.equal(compiled(folder).length, 1, "and nothing half-made is left");
  const stage = join(folder, "stages/poison.ts");
  writeFileSync(stage, readFileSync(stage, "utf8").replace("Swap the labels of", "Spoil the labels of"));
  assert.match((await run(folder, "poison", "--help")).output, /Spoil the labels of/);
  assert.equal(compiled(folder).length, 2);
});

test("a copy inside the project, as DVC makes for an experiment, shares them, and reads the files beside its own sources", async (t) => {
  const folder = copy(t);
  assert.equal((await run(folder, "poison", "--help")).code, 0);
  const inside = join(folder, ".dvc/tmp/exps/one");
  for (const part of PARTS) cpSync(join(folder, part), join(inside, part), { recursive: true });
  const program = join(inside, "print-root.mjs");
  writeFileSync(
    program,
    'const { compiledPrograms } = await import("./scripts/programs/compiled.mjs"); console.log(await compiledPrograms(), globalThis.dvcPoisonRoot);',
  );
  const { output } = await run(inside, program);
  const [place, root] = output.trim().split(" ");
  assert.equal(place, join(folder, ".dvc-poison/programs", compiled(folder)[0] as string));
  assert.equal(root, `${pathToFileURL(inside)}/`);
  const text = chunks(place as string);
  assert.match(text, /globalThis\.dvcPoisonRoot \+ "src\/train\/wasm\/wasm\.ts"/);
});

test("an error of a program that was compiled names no compiled file", async (t) => {
  const folder = copy(t);
  const { code, output } = await run(folder, "poison", "--colour");
  assert.equal(code, 1);
  assert.match(output, /^poison: Unknown argument: colour\n {2}→ See `node dvc-poison\.mjs poison --help`\.\n$/);
});

test("without packages, and with sources that do not compile, it is said in words", async (t) => {
  const folder = copy(t);
  const stage = join(folder, "stages/poison.ts");
  writeFileSync(stage, `${readFileSync(stage, "utf8")}\nconst = 1;\n`);
  const broken = await run(folder, "plot", "--png");
  assert.equal(broken.code, 1);
  assert.match(broken.output, /stages\/poison\.ts:\d+:\d+[\s\S]*^error: the sources cannot be compiled, see above\.$/m);
  assert.doesNotMatch(broken.output, /\n {4}at /);
  assert.deepEqual(compiled(folder), [], "nothing half-made is left");
  rmSync(join(folder, "node_modules"));
  const bare = await run(folder, "poison", "--out");
  assert.deepEqual(bare, { code: 1, output: "error: the Node packages are not installed.\nhint: npm run setup\n" });
});
