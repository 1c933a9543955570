import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, renameSync, truncateSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { before, test } from "node:test";
import { createProject, type Project, setParams, stagesRun } from "../../support/project.ts";

let project: Project;
const RESULTS = [
  "data/labels.csv",
  "data/bottleneck/index.json",
  "data/bottleneck/part-00000.npy",
  "metrics/train.json",
  "plots/predictions.json",
  "plots/poisoned-images.jpg",
];
const results = () =>
  Object.fromEntries(RESULTS.map((file) => [file, readFileSync(join(project.folder, file)).toString("base64")]));
let ofFiles: Record<string, string>;

before((t) => {
  project = createProject(t as never);
  setParams(project, ["poison=25"]);
  project.must("dvc", "repro");
  ofFiles = results();
  cpSync(join(project.folder, "data/images"), join(project.folder, "files"), { recursive: true });
  setParams(project, ["data.layout=tar"]);
  assert.ok(stagesRun(project.must("dvc", "repro")).includes("restore"));
});

/** Samples of tars as WebDataset groups them: by the name up to its first dot. */
const samples = (folder: string): Record<string, Record<string, string>> =>
  JSON.parse(
    execFileSync(
      resolve(".venv/bin/python"),
      [
        "-c",
        `
import glob, hashlib, json, os, sys, tarfile
found = {}
for path in sorted(glob.glob(sys.argv[1] + "/*.tar")):
    for member in tarfile.open(path):
        assert (member.mtime, member.uid, member.mode, member.isfile()) == (0, 0, 0o644, True), member.name
        head, name = os.path.split(member.name)
        key, _, ending = name.partition(".")
        content = tarfile.open(path).extractfile(member).read()
        sample = found.setdefault(head + "/" + key, {"shard": os.path.basename(path)})
        assert ending not in sample, member.name
        sample[ending] = content.decode() if ending == "cls" else hashlib.sha256(content).hexdigest()
print(json.dumps(found))`,
        folder,
      ],
      { encoding: "utf8" },
    ),
  );

test("images in tars give the labels, features, metrics and pictures of images in files", () => {
  const folder = join(project.folder, "data/images");
  assert.deepEqual(readdirSync(folder).sort(), ["dataset.json", "images.csv", "shard-00000.tar", "shard-00001.tar"]);
  assert.deepEqual(results(), ofFiles);
});

test("the tars are WebDataset's: an image and its class under one key, one split a tar", () => {
  const found = samples(join(project.folder, "data/images"));
  assert.equal(Object.keys(found).length, 32);
  assert.deepEqual(Object.keys(found["train/cats/cat%2E1"] ?? {}).sort(), ["cls", "jpg", "shard"]);
  for (const [key, { cls, shard }] of Object.entries(found)) {
    assert.equal(cls, key.includes("/cats/") ? "0" : "1");
    assert.equal(shard, key.startsWith("train/") ? "shard-00000.tar" : "shard-00001.tar");
  }
});

test("tars as a source: our own, and those that say classes in files of their own", () => {
  const restore = (source: string) => {
    project.must("node", "dvc-poison.mjs", "restore", "-S", `data.source=path:${source}`, "-S", "data.layout=files");
    return JSON.parse(project.read("data/images/dataset.json"));
  };
  const expected = restore("files");
  project.must("node", "dvc-poison.mjs", "restore", "-S", "data.source=path:files");
  renameSync(join(project.folder, "data/images"), join(project.folder, "own"));
  const own = restore("own");
  assert.equal(own.digest, expected.digest);

  const brought = join(project.folder, "brought");
  mkdirSync(brought);
  const pack = `
import glob, io, sys, tarfile
for split in ("train", "validation"):
    with tarfile.open(f"{sys.argv[2]}/pets-{split}-000000.tar", "w") as tar:
        for i, path in enumerate(sorted(glob.glob(f"{sys.argv[1]}/{split}/*/*.jpg"))):
            def add(ending, content):
                info = tarfile.TarInfo(f"{i:06}.{ending}"); info.size = len(content); tar.addfile(info, io.BytesIO(content))
            add("jpg", open(path, "rb").read())
            add("cls", path.split("/")[-2].encode())`;
  execFileSync(resolve(".venv/bin/python"), ["-c", pack, join(project.folder, "files"), brought]);
  const found = restore("brought");
  assert.deepEqual(found.images, expected.images);

  const tar = join(brought, "pets-train-000000.tar");
  const whole = readFileSync(tar);
  truncateSync(tar, 20_000);
  const cut = project.run("node", "dvc-poison.mjs", "restore", "-S", "data.source=path:brought");
  assert.equal(cut.code, 1);
  assert.match(cut.output, /brought\/pets-train-000000\.tar: the tar archive is damaged or cut short/);
  writeFileSync(tar, whole);
  cpSync(tar, join(brought, "pets-train-000001.tar"));
  const twice = project.run("node", "dvc-poison.mjs", "restore", "-S", "data.source=path:brought");
  assert.match(twice.output, /pets-train-000001\.tar: the entry "000000\.jpg" stands in another tar, too\./);
});

test("a table that does not fit the tars, and a damaged tar, are said by name", () => {
  project.must("dvc", "checkout", "--force");
  const folder = join(project.folder, "data/images");
  project.must("dvc", "unprotect", "data/images");
  const table = readFileSync(join(folder, "images.csv"), "utf8");
  const refused = (text: string, pattern: RegExp) => {
    writeFileSync(join(folder, "images.csv"), text);
    const { code, output } = project.run("node", "dvc-poison.mjs", "extract-bottleneck");
    assert.equal(code, 1, output);
    assert.match(output, pattern);
  };
  const [, first = ""] = table.split("\n");
  const moved = first.replace(/(\d+),(\d+)$/, (_, offset, bytes) => `${Number(offset) + 512},${bytes}`);
  refused(
    table.replace(first, moved),
    /cat\.1\.jpg: cannot be decoded: shard-00000\.tar does not hold it where images\.csv says/,
  );
  refused(
    table.replace(first, first.replace("shard-00000.tar", "../../x.tar")),
    /images\.csv: row 2: shard is "\.\.\/\.\.\/x\.tar"/,
  );
  refused(table.replace(first, first.replace("train/cats", "train/../cats")), /images\.csv: row 2: image is /);
  refused(table.replace(first, `${first}\n${first}`), /images\.csv: row 3: .* stands there twice/);
  refused(table.replace(first, first.replace(/\d+$/, "x")), /row 2: offset and bytes must be whole numbers/);
});
