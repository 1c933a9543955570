import assert from "node:assert/strict";
import { type ExecFileException, execFile, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { compileAddon, findCompiler } from "../../../scripts/setup/compiler.mjs";
import { chooseFlavor } from "../../../scripts/setup/flavor.mjs";
import { withLock } from "../../../scripts/setup/lock.mjs";
import { matches } from "../../../scripts/setup/node-packages.mjs";
import { nodeModules, root } from "../../../scripts/setup/paths.mjs";
import { parsePipConfig } from "../../../scripts/setup/pip-settings.mjs";
import { isSupported } from "../../../scripts/setup/python.mjs";
import { lockEntry } from "../../../scripts/setup/python-environment.mjs";
import { attempt, run } from "../../../scripts/setup/run.mjs";
import { SetupError } from "../../../scripts/setup/setup-error.mjs";
import { readStamp, writeStamp } from "../../../scripts/setup/stamp.mjs";
import { runSteps } from "../../../scripts/setup/step.mjs";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const setupUrl = (module: string) => JSON.stringify(new URL(`../../../scripts/setup/${module}`, import.meta.url).href);

/** Runs Node and returns what came of it, whatever it was. */
function node(args: string[], env: NodeJS.ProcessEnv = process.env) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    execFile(process.execPath, args, { cwd: root, env }, (error: ExecFileException | null, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

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

test("only steps that are not done run, and a failing step ends the set-up", async () => {
  const ran: string[] = [];
  const step = (name: string, done: boolean, fails = false) => ({
    name,
    done: () => done || ran.includes(name),
    run: async () => {
      ran.push(name);
      if (fails) throw new SetupError("no network");
      return "did it";
    },
  });
  assert.deepEqual(await runSteps([step("a", true), step("b", false), step("c", true)]), ["b"]);
  assert.deepEqual(await runSteps([step("a", true), step("b", false)]), []);
  await assert.rejects(runSteps([step("d", false, true), step("e", false)]), /no network/);
  assert.deepEqual(ran, ["b", "d"]);
});

test("a lock is kept while its process runs, and taken over when that was killed", async () => {
  const script = `
    const { withLock } = await import(${setupUrl("lock.mjs")});
    await withLock(() => { console.log("held"); return new Promise((end) => setTimeout(end, 60_000)); });`;
  const holder = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const text of holder.stdout) if (String(text).includes("held")) break;
  let killed = false;
  setTimeout(() => {
    killed = true;
    holder.kill("SIGKILL");
  }, 700);
  assert.equal(await withLock(async () => killed), true);
});

test("a stamp that is missing or torn says nothing", (t) => {
  const file = join(temporaryFolder(t), "folder", "stamp.json");
  assert.equal(readStamp(file), undefined);
  writeStamp(file, { inputs: "abc" });
  assert.deepEqual(readStamp(file), { inputs: "abc" });
  assert.deepEqual(readdirSync(join(file, "..")), ["stamp.json"]);
  writeFileSync(file, readFileSync(file, "utf8").slice(0, -5));
  assert.equal(readStamp(file), undefined);
});

test("Python 3.10 to 3.13 are supported", () => {
  for (const version of ["3.10.0", "3.11.7", "3.12.0rc1", "3.13.2"]) assert.equal(isSupported(version), true, version);
  for (const version of ["2.7.18", "3.9.18", "3.14.0", "4.11.0", "3", ""])
    assert.equal(isSupported(version), false, version);
});

test("without a Python the set-up says which it looked for and what to install", async () => {
  const script = `(await import(${setupUrl("python.mjs")})).findPython(console.log).catch((error) => console.log(error.message, error.hint))`;
  const args = ["--input-type=module", "-e", script];
  const none = await node(args, { PATH: "/nonexistent" });
  assert.match(
    none.stdout,
    /^No Python 3\.10–3\.13 found \(tried python3, python3\.13, .*python3\.10.*apt-get install .*python3-venv/,
  );
  const named = await node(args, { PATH: "/nonexistent", POISON_PYTHON: "/nowhere/python" });
  assert.match(named.stdout, /tried \/nowhere\/python/);
});

test("the lock file's entry of uv comes with its hashes and without its neighbours", () => {
  const lock =
    "uv==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n    # via -r x.in\nuvicorn==2.0 \\\n    --hash=sha256:cc\n";
  assert.equal(lockEntry(lock, "uv"), "uv==1.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\n");
  for (const flavor of ["cpu", "gpu"]) {
    const real = readFileSync(join(root, "scripts", "python", `requirements-${flavor}.txt`), "utf8");
    assert.match(
      lockEntry(real, "uv"),
      /^uv==[\d.]+ \\\n( {4}--hash=sha256:[0-9a-f]{64} \\\n)+ {4}--hash=sha256:[0-9a-f]{64}\n$/,
    );
  }
});

test("uv learns pip's settings", (t) => {
  const wheels = temporaryFolder(t);
  const list = `global.index-url='https://one.example/simple'
global.timeout='60'
install.find-links='${wheels} /nowhere/wheels'
:env:.index-url='https://two.example/simple'
:env:.extra-index-url='https://three.example/simple\\nhttps://four.example/simple'`;
  assert.deepEqual(parsePipConfig(list), {
    UV_DEFAULT_INDEX: "https://two.example/simple",
    UV_FIND_LINKS: wheels,
    UV_INDEX: "https://three.example/simple https://four.example/simple",
    UV_INDEX_STRATEGY: "unsafe-best-match",
  });
});

test("the flavor is the one asked for, else the machine's, and CUDA stays", async () => {
  const gpu = async () => true;
  const none = async () => false;
  assert.deepEqual(await chooseFlavor(undefined, undefined, none), { flavor: "cpu", asked: false });
  assert.deepEqual(await chooseFlavor(undefined, undefined, gpu), { flavor: "gpu", asked: false });
  assert.deepEqual(await chooseFlavor(undefined, { flavor: "cpu", asked: false }, gpu), {
    flavor: "gpu",
    asked: false,
  });
  assert.deepEqual(await chooseFlavor(undefined, { flavor: "gpu", asked: false }, none), {
    flavor: "gpu",
    asked: false,
  });
  assert.deepEqual(await chooseFlavor(undefined, { flavor: "cpu", asked: true }, gpu), {
    flavor: "cpu",
    asked: true,
  });
  assert.deepEqual(await chooseFlavor("gpu", { flavor: "cpu", asked: true }, none), { flavor: "gpu", asked: true });
});

test("installed packages match the lock file only when all are there at the locked version", () => {
  const locked = {
    "": {},
    "node_modules/a": { version: "1.0.0", integrity: "x" },
    "node_modules/mac": { version: "1.0.0", optional: true },
  };
  const installed = { "node_modules/a": { version: "1.0.0", integrity: "x" } };
  const there = () => true;
  assert.equal(matches(locked, installed, there), true);
  assert.equal(matches(locked, {}, there), false);
  assert.equal(
    matches(locked, installed, () => false),
    false,
  );
  assert.equal(matches(locked, { "node_modules/a": { version: "1.0.1", integrity: "y" } }, there), false);
  assert.equal(matches(locked, { ...installed, "node_modules/mac": { version: "0.9.0" } }, there), false);
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
  if (!compiler) return t.skip("no compiler");
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

test("a program that fails, or does not exist, or takes too long is told apart from one that works", async () => {
  assert.deepEqual(await attempt(process.execPath, ["-p", "6 * 7"]), { ok: true, stdout: "42\n", output: "42\n" });
  assert.equal((await attempt("/nowhere/program", [])).ok, false);
  const start = performance.now();
  assert.equal((await attempt(process.execPath, ["-e", "setTimeout(() => {}, 60_000)"], { timeout_s: 0.3 })).ok, false);
  assert.ok(performance.now() - start < 5000);
  await assert.rejects(
    run(process.execPath, ["-e", "console.error('no such index'); process.exit(3)"]),
    /failed:\nno such index$/,
  );
});

test("DVC is lent an identity where git has none, and only there", async () => {
  const script = `console.log(JSON.stringify(await (await import(${setupUrl("git.mjs")})).lentIdentity() ?? "own"))`;
  const { PATH } = process.env;
  const nobody = { PATH, GIT_DIR: "/nonexistent", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const ask = async (env: NodeJS.ProcessEnv) =>
    JSON.parse((await node(["--input-type=module", "-e", script], { ...nobody, ...env })).stdout);
  assert.deepEqual(await ask({}), {
    GIT_AUTHOR_NAME: "dvc-poison",
    GIT_AUTHOR_EMAIL: "dvc-poison@localhost",
    GIT_COMMITTER_NAME: "dvc-poison",
    GIT_COMMITTER_EMAIL: "dvc-poison@localhost",
  });
  const author = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.org" };
  assert.notEqual(await ask(author), "own");
  assert.equal(await ask({ ...author, GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.org" }), "own");
  const config = ["user.name", "user.email"].map((key, i) => [`GIT_CONFIG_KEY_${i}`, key]);
  const values = { GIT_CONFIG_COUNT: "2", GIT_CONFIG_VALUE_0: "Ada", GIT_CONFIG_VALUE_1: "ada@example.org" };
  assert.equal(await ask({ ...Object.fromEntries(config), ...values }), "own");
});

test("outside of git, -S is refused before anything is set up", async (t) => {
  const folder = temporaryFolder(t);
  cpSync(join(root, "scripts"), join(folder, "scripts"), { recursive: true });
  mkdirSync(join(folder, "data"));
  const { code, stdout, stderr } = await node([join(folder, "scripts", "start.mjs"), "-S", "poison=5"], {
    ...process.env,
    GIT_CEILING_DIRECTORIES: join(folder, ".."),
  });
  assert.equal(code, 1);
  assert.equal(stdout, "");
  assert.match(stderr, /-S .* git repository[\s\S]*hint: edit the value in params\.yaml/);
  assert.deepEqual(readdirSync(folder).sort(), ["data", "scripts"]);
});

test("a test file that does not exist is named, with those that do", async () => {
  const { code, stderr } = await node([join(root, "scripts", "test.mjs"), "no-such-test"]);
  assert.equal(code, 1);
  assert.match(stderr, /No test file has "no-such-test"[\s\S]*test\/system\/scripts\/setup\.test\.ts/);
});
