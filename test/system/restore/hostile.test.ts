import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { readDataset } from "../../../src/records/images/dataset.ts";
import {
  catsAndDogs,
  image,
  listing,
  restore,
  startRestore,
  write,
  writeParams,
} from "../../support/image-fixtures.ts";
import { tarBytes } from "../../support/tar-bytes.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** What no output may hold. */
const RAW = /[^\P{Cc}\n]|[\u2028-\u202e\u2066-\u2069\u200b]/u;

test("an archive that never ends is refused at once", async (t) => {
  const folder = temporaryFolder(t);
  const member = gzipSync(Buffer.alloc(2 ** 22));
  const tar = gzipSync(tarBytes([{ path: "train/cats/a.jpg", content: await image(1).jpeg().toBuffer() }]));
  await writeFile(join(folder, "pets.tgz"), Buffer.concat([tar, ...Array.from({ length: 5000 }, () => member)]));
  const ended = await restore(folder, "path:pets.tgz");
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /^restore: pets\.tgz: .*more than 1048576 zeros follow its end\.\n {2}→ /);
});

test("a signal is heard in the middle of an archive, and nothing is left", async (t) => {
  const folder = temporaryFolder(t);
  const content = Buffer.alloc(1_000_000_000);
  await writeFile(join(folder, "pets.tgz"), gzipSync(tarBytes([{ path: "video.bin", content }]), { level: 1 }));
  await writeParams(folder, "path:pets.tgz");
  const before = await listing(folder);
  const { child, ended } = startRestore(folder, []);
  while (!existsSync(join(folder, "images.partial/images/.work")) && child.exitCode === null) await sleep(5);
  await sleep(200); // it takes seconds
  const killed = performance.now();
  child.kill("SIGTERM");
  assert.equal((await ended).code, 143);
  assert.ok(performance.now() - killed < 2000);
  assert.deepEqual(await listing(folder), before);
});

test("names of files and classes that would steer a terminal are shown, not obeyed", async (t) => {
  const evil = "c\u001b[31m\u009b2Ja\u202ets";
  const faults: [files: Record<string, number>, expected: string][] = [
    [
      { [`train/${evil}/1.jpg`]: 1, [`validation/${evil}/1.jpg`]: 2 },
      'found one class, "c\\u001b[31m\\u009b2Ja\\u202ets"',
    ],
    [{ [`valid/${evil}/1.jpg`]: 1, [`${evil}/1.jpg`]: 2 }, "the folders there are c\\u001b[31m"],
    [{ [`${evil}/1.jpg`]: 1, "b\nrestore: done/1.jpg": 2 }, 'the class "b\\nrestore: done" has one image'],
    [{ [`${evil}/1.jpg`]: 1, [`${evil}/2.jpg`]: 2, "b/1.jpg": 3, "b/2.jpg": 4 }, "holds a control character"],
    [{ ...catsAndDogs(), [`train/cats/${evil}.jpg`]: 1 }, 'ts.jpg" holds a control character'],
  ];
  for (const [files, expected] of faults) {
    const folder = temporaryFolder(t);
    await write(join(folder, "pets"), files);
    await writeParams(folder, "path:pets", { train_per_class: "all", validation_per_class: "all" });
    const ended = await startRestore(folder, []).ended;
    assert.equal(ended.code, 1);
    assert.ok(ended.stderr.includes(expected), ended.stderr);
    assert.doesNotMatch(ended.stdout + ended.stderr, RAW);
  }
  const folder = temporaryFolder(t);
  await write(join(folder, "pets"), {
    ...catsAndDogs(),
    "validation/dogs/d\u202egpj.exe.jpg": 1,
    "validation/cats/größe 🐈.jpg": 2,
  });
  await writeParams(folder, "path:pets", { train_per_class: "all", validation_per_class: "all" });
  const ended = await startRestore(folder, []).ended;
  assert.equal(ended.code, 0, ended.stderr);
  assert.match(ended.stderr, /validation\/dogs\/d\\u202egpj\.exe\.jpg = train\/cats\/cat\.1\.jpg/);
  assert.match(ended.stderr, /validation\/cats\/größe 🐈\.jpg = /);
  assert.doesNotMatch(ended.stdout + ended.stderr, RAW);
});

test("what is no file is refused by name, not waited for", async (t) => {
  const folder = temporaryFolder(t);
  await write(join(folder, "pets"), catsAndDogs());
  await symlink("/dev/zero", join(folder, "pets/train/cats/a.jpg"));
  execFileSync("mkfifo", [join(folder, "pets/pipe")]);
  await symlink("../../pipe", join(folder, "pets/train/dogs/a.jpg"));
  const ended = await restore(folder, "path:pets");
  assert.equal(ended.code, 1);
  assert.match(ended.stderr, /pets\/train\/cats\/a\.jpg: cannot be read: it is no file/);
  assert.match(ended.stderr, /pets\/train\/dogs\/a\.jpg: cannot be read: it is no file/);
});

test("a stranger's dataset.json changes no count and no origin, and its words are plain", async (t) => {
  const folder = temporaryFolder(t);
  const claimed = {
    name: "cats-dogs (registry) </script><script>alert(1)</script>",
    license: "\u001b]0;x\u0007",
    source: "registry",
    classes: ["a"],
    images: { train: { cats: 1_000_000 } },
    digest: "0".repeat(64),
  };
  await write(join(folder, "pets"), { ...catsAndDogs(), "dataset.json": JSON.stringify(claimed) });
  const ended = await restore(folder, "path:pets");
  assert.equal(ended.code, 0, ended.stderr);
  const { digest, ...dataset } = await readDataset(join(folder, "images"));
  assert.notEqual(digest, claimed.digest);
  assert.deepEqual(dataset, {
    name: "cats-dogs /scriptscriptalert(1)/script",
    source: "path",
    classes: ["cats", "dogs"],
    images: { train: { cats: 3, dogs: 3 }, validation: { cats: 2, dogs: 2 } },
  });
  assert.match(ended.stderr, /warning: pets\/dataset\.json: license is passed over: it is no printable text\./);
  assert.doesNotMatch(ended.stdout + ended.stderr, RAW);
});

test("classes named like what every object of JavaScript has are classes like others", async (t) => {
  const folder = temporaryFolder(t);
  const names = ["constructor", "hasOwnProperty", "toString", "valueOf"];
  const files = names.flatMap((name, i) =>
    ["train", "validation"].flatMap((split, j) =>
      [1, 2].map((n) => [`${split}/${name}/${n}.jpg`, 4 * i + 2 * j + n] as const),
    ),
  );
  await write(join(folder, "pets"), Object.fromEntries(files));
  await writeParams(folder, "path:pets", { train_per_class: 2, validation_per_class: 2 });
  const ended = await startRestore(folder, []).ended;
  assert.equal(ended.code, 0, ended.stderr);
  const { classes, images } = await readDataset(join(folder, "images"));
  assert.deepEqual(classes, names);
  for (const split of ["train", "validation"] as const)
    assert.deepEqual(
      Object.entries(images[split]),
      names.map((name) => [name, 2]),
    );
  await mkdir(join(folder, "pets/train/__proto__"));
  const refused = await startRestore(folder, []).ended;
  assert.equal(refused.code, 1);
  assert.match(refused.stderr, /__proto__/);
});
