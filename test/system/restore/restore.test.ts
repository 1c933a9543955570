import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import test from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { readDataset } from "../../../src/records/images/dataset.ts";
import {
  catsAndDogs,
  contents,
  listing,
  noise,
  restore,
  startRestore,
  write,
  writeParams,
} from "../../support/image-fixtures.ts";
import { needs } from "../../support/needs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a folder: the first images of each class in natural order, byte for byte, and dataset.json beside them", async (t) => {
  const folder = temporaryFolder(t);
  await write(join(folder, "pets"), {
    ...catsAndDogs(12, 2),
    "README.md": "about",
    "train/cats/Thumbs.db": "x",
    "train/cats/._cat.1.jpg": "x",
    "train/.hidden/a.jpg": "x",
  });
  const ended = await restore(folder, "path:pets");
  assert.equal(ended.code, 0, ended.stderr);
  const files = (split: string, n: number) =>
    ["cat", "dog"].flatMap((a) => Array.from({ length: n }, (_, i) => `${split}/${a}s/${a}.${i + 1}.jpg`));
  assert.deepEqual(await listing(join(folder, "images")), [
    "dataset.json",
    ...files("train", 3),
    ...files("validation", 2),
  ]);
  for (const file of files("train", 3))
    assert.deepEqual(await readFile(join(folder, "images", file)), await readFile(join(folder, "pets", file)));
  const { digest, ...dataset } = await readDataset(join(folder, "images"));
  assert.deepEqual(dataset, {
    name: "pets",
    source: "path",
    classes: ["cats", "dogs"],
    images: { train: { cats: 3, dogs: 3 }, validation: { cats: 2, dogs: 2 } },
  });
  const sums = spawnSync("sh", ["-c", "sha256sum train/*/* validation/*/* | sha256sum"], {
    cwd: join(folder, "images"),
    encoding: "utf8",
  });
  assert.equal(digest, sums.stdout.split(" ")[0]);
  assert.deepEqual(
    (await listing(folder)).filter((file) => file.includes("partial")),
    [],
  );
});

test("twice the same bytes, and a source's own dataset.json is carried over", async (t) => {
  const folder = temporaryFolder(t);
  const credit = { name: "Pets", license: "CC0", credit: "A. Painter" };
  await write(join(folder, "pets"), {
    ...catsAndDogs(),
    "dataset.json": JSON.stringify({ ...credit, source: "mirror" }),
  });
  assert.equal((await restore(folder, "path:pets")).code, 0);
  const first = await contents(join(folder, "images"));
  assert.equal((await restore(folder, "path:pets")).code, 0);
  assert.deepEqual(await contents(join(folder, "images")), first);
  const { name, license, credit: by, source } = await readDataset(join(folder, "images"));
  assert.deepEqual({ name, license, credit: by, source }, { ...credit, source: "path" });
});

test("all means all, classes may be many and uneven, names may hold spaces, quotes and any script", async (t) => {
  const folder = temporaryFolder(t);
  await write(join(folder, "my pets"), {
    "train/cats/a 'b' \"c\", d.jpg": 1,
    "train/cats/Übermut猫.jpg": 2,
    "train/dogs/a 'b' \"c\", d.jpg": 3,
    'train/größe, "x"/same.jpg': 4,
    "validation/cats/same.jpg": 5,
    "validation/dogs/same.jpg": 6,
    'validation/größe, "x"/same.jpg': 7,
  });
  await writeParams(folder, "path:my pets", { train_per_class: "all", validation_per_class: "all" });
  const ended = await startRestore(folder, []).ended;
  assert.equal(ended.code, 0, ended.stderr);
  assert.deepEqual((await listing(join(folder, "images"))).slice(1), await listing(join(folder, "my pets")));
});

test("a validation image that is a training image: a warning names both", async (t) => {
  const folder = temporaryFolder(t);
  await write(join(folder, "pets"), { ...catsAndDogs(), "validation/dogs/dog.2.jpg": 2 });
  const ended = await restore(folder, "path:pets");
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stderr, /warning: 1 validation image is byte for byte a training image/);
  assert.match(ended.stderr, /validation\/dogs\/dog\.2\.jpg = train\/cats\/cat\.2\.jpg/);
});

test("generated: as many as asked, without network, twice the same, whatever the seed", async (t) => {
  const folder = temporaryFolder(t);
  assert.equal((await restore(folder, "generated")).code, 0);
  const first = await contents(join(folder, "images"));
  assert.equal(Object.keys(first).length, 1 + 10);
  assert.equal((await restore(folder, "generated", ["-S", "seed=2"])).code, 0);
  assert.deepEqual(await contents(join(folder, "images")), first);
  assert.equal((await readDataset(join(folder, "images"))).source, "generated");
});

test("auto: with no mirror and no network, drawings, and a warning that cannot be missed", async (t) => {
  const folder = temporaryFolder(t);
  const ended = await restore(folder, "auto", [], { POISON_REGISTRY: "http://127.0.0.1:1/" });
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stderr, /╔═+╗\n║ WARNING[\s\S]+127\.0\.0\.1:1\/ cannot be reached[\s\S]+DRAWN cats and dogs/);
  assert.equal((await readDataset(join(folder, "images"))).name, "generated cats and dogs");
});

test("registry: without network an error, not drawings", async (t) => {
  const folder = temporaryFolder(t);
  const ended = await restore(folder, "registry", [], { POISON_REGISTRY: "http://user:secret@127.0.0.1:1/" });
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /^restore: http:\/\/127\.0\.0\.1:1\/ cannot be reached: .+\n {2}→ Check the network/);
  assert.doesNotMatch(ended.stderr, /secret/);
  assert.deepEqual(await listing(folder), ["params.yaml", "stages.lock.json"]);
});

/** Each gives one clear error and leaves what was there before as it was. */
const BAD: [what: string, files: Record<string, number | string>, expected: RegExp][] = [
  ["no such folder", {}, /^restore: params\.yaml: data\.source is path:pets: no such file or folder\.\n {2}→ /],
  [
    "too few images",
    catsAndDogs(3, 1),
    /^restore: params\.yaml: data\.validation_per_class is 2, but pets\/validation\/cats has 1 image\.\n {2}→ Set data\.validation_per_class to 1 or less/,
  ],
  [
    "damaged images",
    { ...catsAndDogs(), "train/cats/cat.2.jpg": "no image", "validation/dogs/dog.1.jpg": "" },
    /2 images cannot be used:\n {2}pets\/train\/cats\/cat\.2\.jpg: is not an image.+\n {2}pets\/validation\/dogs\/dog\.1\.jpg: is empty/,
  ],
  [
    "one damaged image",
    { ...catsAndDogs(), "train/cats/cat.2.jpg": "no image" },
    /^restore: pets\/train\/cats\/cat\.2\.jpg: is not an image of a kind that can be read .+\n {2}→ Remove or replace the file\.\n$/,
  ],
];

test("bad input: exit code 1, file or key and remedy named, nothing left, the earlier output untouched", async (t) => {
  const folder = temporaryFolder(t);
  await write(folder, { "images/dataset.json": "earlier" });
  for (const [what, files, expected] of BAD) {
    const cwd = join(folder, what);
    await cp(join(folder, "images"), join(cwd, "images"), { recursive: true });
    if (Object.keys(files).length > 0) await write(join(cwd, "pets"), files);
    const before = await listing(cwd);
    const ended = await restore(cwd, "path:pets");
    const message = ended.stderr.replace(/^restore: checking: .*\n/, "");
    assert.match(message, expected, what);
    assert.equal(ended.code, 1, what);
    assert.deepEqual(await listing(cwd), [...before, "params.yaml", "stages.lock.json"].sort(), what);
    assert.equal(await readFile(join(cwd, "images/dataset.json"), "utf8"), "earlier");
  }
});

test("no space left on the disk: said so, nothing left", async (t) => {
  const folder = temporaryFolder(t);
  await mkdir(join(folder, "small"));
  const asRoot = (...command: string[]) => {
    const [program, ...args] = process.getuid?.() === 0 ? command : ["sudo", "-n", ...command];
    return spawnSync(program as string, args);
  };
  const mounted = asRoot("mount", "-t", "tmpfs", "-o", "size=64k,mode=777", "tmpfs", join(folder, "small"));
  if (mounted.status !== 0)
    return t.skip(needs(false, "no right to mount a small disk (root, or sudo)").skip as string);
  try {
    await write(join(folder, "pets"), { ...catsAndDogs(), "train/dogs/dog.2.jpg": await noise(500) });
    const ended = await restore(folder, "path:pets", ["--out", "small/images"]);
    assert.equal(ended.code, 1);
    assert.match(ended.stderr, /restore: No space is left on the disk.*\n {2}→ Free some space/);
    assert.deepEqual(await listing(join(folder, "small")), []);
  } finally {
    asRoot("umount", join(folder, "small"));
  }
});

for (const [signal, code] of [
  ["SIGTERM", 143],
  ["SIGINT", 130],
  ["SIGKILL", null],
] as const) {
  test(`${signal} half-way, then again: the earlier output stays, then the new one is whole`, async (t) => {
    const folder = temporaryFolder(t);
    const large = await noise(2000);
    const many = Array.from({ length: 60 }, (_, i) => [`train/cats/large.${i}.jpg`, large] as const);
    await write(join(folder, "pets"), { ...catsAndDogs(60), ...Object.fromEntries(many) });
    await write(folder, { "images/dataset.json": "earlier" });
    await writeParams(folder, "path:pets", { train_per_class: 60 });
    const partial = join(folder, "images.partial");
    const { child, ended } = startRestore(folder, []);
    while ((await listing(partial)).length < 70 && child.exitCode === null) await sleep(5);
    child.kill(signal);
    assert.equal((await ended).code, code);
    assert.equal(existsSync(partial), signal === "SIGKILL", "only after SIGKILL is there no tidying up");
    assert.deepEqual(await listing(join(folder, "images")), ["dataset.json"]);

    assert.equal((await restore(folder, "path:pets")).code, 0);
    assert.equal((await listing(join(folder, "images"))).length, 1 + 10);
    assert.ok(!existsSync(partial));
  });
}
