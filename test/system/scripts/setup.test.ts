import assert from "node:assert/strict";
import { cpSync, existsSync, readdirSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { compileAddon, findCompiler } from "../../../scripts/setup/compiler.mjs";
import { kernels } from "../../../scripts/setup/convolution-addon.mjs";
import { nodeModules, root } from "../../../scripts/setup/paths.mjs";
import { place } from "../../../src/networks/convolution/addon.mjs";
import { addonPlace } from "../../../src/tensorflow/place.mjs";
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

test("set-up refuses options that it does not know, and two that exclude each other", async () => {
  const setup = join(root, "scripts", "setup.mjs");
  for (const args of [["--tpu"], ["--cpu", "--gpu"], ["--gpu", "--without-tensorflow"]]) {
    const { code, stderr } = await node([setup, ...args]);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`^\\nerror: .*${args.join(" and ")}`));
  }
});

test("without a compiler the set-up goes on, and leaves an addon of TensorFlow.js that is there", async () => {
  const modified = () => statSync(join(root, addonPlace), { throwIfNoEntry: false })?.mtimeMs;
  const before = modified();
  const script = `console.log(await (await import(${setupUrl("tensorflow-addon.mjs")})).tensorflowAddon.run(console.log))`;
  const { code, stdout } = await node(["--input-type=module", "-e", script], { PATH: "/nonexistent" });
  assert.equal(code, 0);
  assert.match(stdout, /^not built: (there is no C\+\+ compiler|TensorFlow has no library).* on the CPU without it/);
  assert.equal(modified(), before);
});

test("without a compiler the convolutions are WebAssembly's, which is settled until there is one", async (t) => {
  const compiler = await findCompiler();
  if (!compiler) return t.skip(needs(compiler, "no C++ compiler (Debian: apt-get install g++)").skip as string);
  const folder = temporaryFolder(t);
  for (const part of ["scripts", "src"]) cpSync(join(root, part), join(folder, part), { recursive: true });
  symlinkSync(nodeModules(), join(folder, "node_modules"));
  const step = async (what: "done" | "run", env: NodeJS.ProcessEnv = process.env) => {
    const url = JSON.stringify(pathToFileURL(join(folder, "scripts", "setup", "convolution-addon.mjs")));
    const script = `console.log(await (await import(${url})).convolutionAddon.${what}(console.log))`;
    const { code, stdout, stderr } = await node(["--input-type=module", "-e", script], env);
    assert.equal(code, 0, stderr);
    return stdout.trim();
  };
  const none = { PATH: "/nonexistent" };
  const addon = join(folder, place);
  assert.equal(await step("done", none), "false");
  assert.match(
    await step("run", none),
    /^not built: there is (no C\+\+ compiler|none for).*WebAssembly is used instead/,
  );
  assert.equal(await step("done", none), "true");
  if (!kernels) return;
  assert.equal(await step("done"), "false");
  const broken = { ...process.env, CXX: `${compiler.command.join(" ")} -std=nonsense` };
  assert.match(await step("run", broken), /^not built: .*nonsense[\s\S]*WebAssembly/);
  assert.equal(await step("done", broken), "true"); // the same compiler does not try the same again
  assert.ok(!existsSync(addon));
  writeFileSync(join(addon, "..", "setup.json"), "{");
  assert.equal(await step("done"), "false");
  assert.match(await step("run"), /^compiled with /);
  assert.equal(await step("done"), "true");
  assert.ok(existsSync(addon));
  assert.equal(await step("done", none), "true");
});

test("an addon that does not compile leaves nothing, and its error is the compiler's", async (t) => {
  const compiler = await findCompiler();
  if (!compiler) return t.skip(needs(compiler, "no C++ compiler (Debian: apt-get install g++)").skip as string);
  const folder = temporaryFolder(t);
  const [good, bad, output] = ["good.cc", "bad.cc", "addon.node"].map((file) => join(folder, file)) as [
    string,
    string,
    string,
  ];
  writeFileSync(good, "int one() { return 1; }\n");
  writeFileSync(bad, "int two() { return missing; }\n");
  const addon = { compiler: compiler.command, flags: [], libraries: [], output };
  await assert.rejects(
    compileAddon({ ...addon, sources: [good, bad] }),
    /bad\.cc.*'?.missing.? was not declared|undeclared/s,
  );
  assert.deepEqual(readdirSync(folder).sort(), ["bad.cc", "good.cc"]);
  await compileAddon({ ...addon, sources: [good] });
  assert.deepEqual(readdirSync(folder).sort(), ["addon.node", "bad.cc", "good.cc"]);
});
