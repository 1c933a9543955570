import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { c as createTar } from "tar";
import yazl from "yazl";
import { image, listing, startRestore, write, writeParams } from "../../support/image-fixtures.ts";
import { createProject, setParams } from "../../support/project.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const ALL = { train_per_class: "all", validation_per_class: "all" } as const;

/** Images of two classes under these folders, each different. */
function pets(folders: Record<string, number>): Record<string, number> {
  const files: Record<string, number> = {};
  let number = 1;
  for (const [folder, count] of Object.entries(folders))
    for (let i = 0; i < count; i++) files[`${folder}/${i}.jpg`] = number++;
  return files;
}

async function zip(folder: string, file: string): Promise<void> {
  const archive = new yazl.ZipFile();
  for (const name of await listing(folder)) archive.addFile(join(folder, name), name);
  archive.end();
  const chunks: Buffer[] = [];
  for await (const chunk of archive.outputStream) chunks.push(chunk as Buffer);
  writeFileSync(file, Buffer.concat(chunks));
}

test("archives as Kaggle and TensorFlow give them, zip and tgz", async (t) => {
  const folder = temporaryFolder(t);
  const kaggle = pets({
    "training_set/training_set/cats": 4,
    "training_set/training_set/dogs": 4,
    "test_set/test_set/cats": 2,
    "test_set/test_set/dogs": 2,
  });
  await write(join(folder, "kaggle"), { ...kaggle, "__MACOSX/training_set/._0.jpg": "x", "README.md": "x" });
  await zip(join(folder, "kaggle"), join(folder, "archive.zip"));
  await writeParams(folder, "path:archive.zip", ALL);
  const first = await startRestore(folder, []).ended;
  assert.equal(first.code, 0, first.stderr);
  assert.match(first.stdout + first.stderr, /restore: "training_set" is for training, "test_set" for validation\n/);
  assert.match(first.stdout + first.stderr, /8 training and 4 validation images of cats, dogs/);
  assert.match(first.stdout + first.stderr, /DVC does not watch this path/);

  const flowers = pets({ "flower_photos/daisy": 10, "flower_photos/roses": 10 });
  await write(join(folder, "flowers"), { ...flowers, "flower_photos/LICENSE.txt": "x" });
  await createTar({ cwd: join(folder, "flowers"), file: join(folder, "flower_photos.tgz"), gzip: true }, [
    "flower_photos",
  ]);
  await writeParams(folder, "path:flower_photos.tgz", ALL);
  const second = await startRestore(folder, []).ended;
  assert.equal(second.code, 0, second.stderr);
  assert.match(second.stdout + second.stderr, /16 training and 4 validation images of daisy, roses/);
});

test("damaged images: a stop that names them, or skipped, named and counted", async (t) => {
  const folder = temporaryFolder(t);
  const good = pets({ "PetImages/Cat": 6, "PetImages/Dog": 6 });
  const half = (await image(99).jpeg().toBuffer()).subarray(0, 200);
  const bad = { "PetImages/Cat/666.jpg": "", "PetImages/Dog/11702.jpg": half, "PetImages/Dog/x.jpg": "<html>" };
  await write(folder, { ...good, ...bad });
  await writeParams(folder, "path:PetImages", ALL);
  const stopped = await startRestore(folder, []).ended;
  assert.equal(stopped.code, 1);
  assert.match(stopped.stderr, /3 images cannot be used:[\s\S]*PetImages\/Cat\/666\.jpg: is empty/);
  assert.match(stopped.stderr, /or set data\.damaged to skip/);

  const skipped = await startRestore(folder, ["-S", "data.damaged=skip"]).ended;
  assert.equal(skipped.code, 0, skipped.stderr);
  for (const file of Object.keys(bad))
    assert.ok(skipped.stderr.includes(`restore: skipped: ${file}: `), skipped.stderr);
  assert.match(skipped.stdout + skipped.stderr, /; 3 skipped/);
  const files = await listing(join(folder, "images"));
  assert.equal(files.length, 13);
  assert.equal(JSON.parse(readFileSync(join(folder, "images/dataset.json"), "utf8")).skipped, 3);
});

test("dvc:FOLDER is what DVC tracks: a change there runs restore again, and what is not wired is refused", async (t) => {
  const project = createProject(t);
  const { folder, must, run } = project;
  await write(join(folder, "my"), pets({ "train/a": 3, "train/b": 3, "val/a": 2, "val/b": 2 }));
  setParams(project, ["data.source=dvc:my", "data.train_per_class=all", "data.validation_per_class=all"]);
  const restore = () => run("node", "dvc-poison.mjs", "restore");
  assert.match(restore().output, /data\.source is dvc:my: DVC does not track it\.\n.*`dvc add my`/);
  must("dvc", "add", "my");
  assert.match(
    restore().output,
    /the stage restore in dvc\.yaml does not depend on it[\s\S]*add `- my` to deps of restore/,
  );

  const yaml = readFileSync(join(folder, "dvc.yaml"), "utf8");
  writeFileSync(join(folder, "dvc.yaml"), yaml.replace("    deps:\n", "    deps:\n    - my\n"));
  must("git", "add", "--all");
  must("git", "commit", "--quiet", "--message", "my images");
  must("dvc", "exp", "run", "restore");
  assert.match(must("dvc", "status", "restore"), /up to date/);
  rmSync(join(folder, "my/train/a/0.jpg"));
  assert.match(must("dvc", "status", "restore"), /modified:\s+my/);
  must("dvc", "add", "my");
  must("dvc", "repro", "restore");
  assert.ok(existsSync(join(folder, "data/images/train/a/1.jpg")));
  assert.ok(!existsSync(join(folder, "data/images/train/a/0.jpg")));
});
