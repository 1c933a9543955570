import assert from "node:assert/strict";
import { existsSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compileAddon, findCompiler } from "../../../scripts/setup/compiler.mjs";
import { nodeModules, root } from "../../../scripts/setup/paths.mjs";
import { needs } from "../../support/needs.ts";
import { node, setupUrl } from "../../support/node.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a second set-up has nothing to do and says so in under two seconds", async () => {
  const setup = join(root, "scripts", "setup.mjs");
  const first = await node([setup]);
  assert.equal(first.code, 0, first.stderr);
  const start = performance.now();
  const second = await node([setup]);
  assert.match(second.stdout, /^Everything is set up: nothing to do \(\d\.\d s\)\.\n$/);
  assert.ok(performance.now() - start < 2000);
});

test("set-up refuses options that it does not know, and --cpu with --gpu", async () => {
  const setup = join(root, "scripts", "setup.mjs");
  for (const args of [["--tpu"], ["--cpu", "--gpu"]]) {
    const { code, stderr } = await node([setup, ...args]);
    assert.equal(code, 1);
    assert.match(stderr, /^\nerror: .*--(tpu|cpu)/);
  }
});

test("without a compiler the set-up goes on, with the WASM backend, and leaves an addon that is there", async () => {
  const addon = nodeModules("@tensorflow", "tfjs-node-gpu", "lib", "napi-v8", "tfjs_binding.node");
  const modified = () => (existsSync(addon) ? statSync(addon).mtimeMs : undefined);
  const before = modified();
  const script = `console.log(await (await import(${setupUrl("tensorflow-addon.mjs")})).tensorflowAddon.run(console.log))`;
  const { code, stdout } = await node(["--input-type=module", "-e", script], { PATH: "/nonexistent" });
  assert.equal(code, 0);
  assert.match(stdout, /^not built: (there is no C\+\+ compiler|TensorFlow has no library).*WASM backend is used/);
  assert.equal(modified(), before);
});

test("an addon that does not compile leaves nothing, and its error is the compiler's", async (t) => {
  const compiler = await findCompiler(() => {});
  if (!compiler) return t.skip(needs(compiler, "no C++ compiler (Debian: apt-get install g++)").skip as string);
  const folder = temporaryFolder(t);
  const [good, bad, output] = ["good.cc", "bad.cc", "addon.node"].map((file) => join(folder, file)) as [
    string,
    string,
    string,
  ];
  writeFileSync(good, "int one() { return 1; }\n");
  writeFileSync(bad, "int two() { return missing; }\n");
  const addon = { compiler, flags: [], libraries: [], output };
  await assert.rejects(
    compileAddon({ ...addon, sources: [good, bad] }),
    /bad\.cc.*'?.missing.? was not declared|undeclared/s,
  );
  assert.deepEqual(readdirSync(folder).sort(), ["bad.cc", "good.cc"]);
  await compileAddon({ ...addon, sources: [good] });
  assert.deepEqual(readdirSync(folder).sort(), ["addon.node", "bad.cc", "good.cc"]);
});
