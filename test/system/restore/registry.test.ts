import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { createReadStream, existsSync } from "node:fs";
import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { parse } from "yaml";
import { describeFolder } from "../../../src/dvc/folder-digest.ts";
import { Unreachable } from "../../../src/dvc/run-dvc.ts";
import { readDataset } from "../../../src/records/images/dataset.ts";
import { CATS_DOGS, chooseRegistry, fetchFromRegistry } from "../../../src/restore/sources/registry.ts";
import { serve } from "../../support/http-server.ts";
import {
  catsAndDogs,
  contents,
  environment,
  listing,
  restore,
  startRestore,
  write,
  writeParams,
} from "../../support/image-fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A Git repository with a DVC folder like the dataset registry's, whose data lie on a web server. Made once: DVC takes seconds. */
async function makeRegistry(t: TestContext) {
  const root = temporaryFolder(t);
  const storage = join(root, "storage");
  const server = { answers: "all" as "all" | "stall" | "nothing" };
  const data = await serve(t, (request, response) => {
    const file = join(storage, decodeURIComponent(request.url as string));
    if (server.answers === "nothing") return request.socket.destroy();
    if (server.answers === "stall" && !file.endsWith(".dir")) return; // the list of files, but no file
    if (!existsSync(file)) response.writeHead(404).end();
    else if (request.method === "HEAD") response.end();
    else createReadStream(file).pipe(response);
  });
  const repository = join(root, "repository");
  const identity = {
    GIT_AUTHOR_NAME: "a",
    GIT_AUTHOR_EMAIL: "a@b",
    GIT_COMMITTER_NAME: "a",
    GIT_COMMITTER_EMAIL: "a@b",
  };
  const env = environment({ ...identity, HOME: root, DVC_NO_ANALYTICS: "1" });
  const run = async (command: string) =>
    (await promisify(execFile)("sh", ["-ec", command], { cwd: repository, env })).stdout;
  const files = Object.fromEntries(Object.entries(catsAndDogs()).map(([path, number]) => [`data/${path}`, number]));
  await write(join(repository, CATS_DOGS.path), { ...files, "data/train/cats/größe \u{1F408} \u007f.jpg": 77 });
  await run("git init -q; dvc init -q");
  const config = `[core]
remote = web
['remote "web"']
url = ${data}
['remote "disk"']
url = ${storage}
`;
  await write(repository, { ".dvc/config": config });
  await run(`dvc add -q ${CATS_DOGS.path}; dvc push -q -r disk; git add .; git commit -qm first; git tag ${CATS_DOGS.revision}
    git rm -q --cached ${CATS_DOGS.path}.dvc; git commit -qm "Remove the images after the pinned revision"`);
  const tracked = join(repository, CATS_DOGS.path);
  const noted = parse(await run(`git show ${CATS_DOGS.revision}:${CATS_DOGS.path}.dvc`)).outs[0];
  const expected = await describeFolder(tracked);
  const before = await contents(join(tracked, "data"));
  await rm(tracked, { recursive: true });
  await rm(join(repository, ".dvc/cache"), { recursive: true }); // or DVC would take the files from there
  return { url: `file://${repository}`, storage, server, noted, expected, before };
}

test("the registry: by real DVC from a Git repository and a web server", async (t) => {
  const registry = await makeRegistry(t);
  const pinned = { ...CATS_DOGS, url: registry.url, expected: registry.expected };

  await t.test("our checksum of a folder is the one that DVC notes", () => {
    const { md5, files, bytes } = registry.expected;
    assert.deepEqual(
      { md5, nfiles: files, size: bytes },
      { md5: registry.noted.md5, nfiles: registry.noted.nfiles, size: registry.noted.size },
    );
  });

  await t.test("fetches the pinned revision, whatever came after it", async (t) => {
    const folder = await fetchFromRegistry(pinned, temporaryFolder(t));
    assert.deepEqual(await contents(join(folder, "data")), registry.before);
  });

  await t.test(
    "the program restores from it, another revision checked against what the registry notes there",
    async (t) => {
      const folder = temporaryFolder(t);
      const ended = await restore(folder, "auto", [], {
        POISON_REGISTRY: registry.url,
        POISON_REGISTRY_REV: CATS_DOGS.revision,
      });
      assert.equal(ended.code, 0, ended.stderr);
      const { name, images } = await readDataset(join(folder, "images"));
      assert.deepEqual(
        { name, images },
        { name: "cats-dogs (registry)", images: { train: { cats: 3, dogs: 3 }, validation: { cats: 2, dogs: 2 } } },
      );
      assert.ok((await listing(folder)).every((file) => /^(images\/|params\.yaml$|stages\.lock\.json$)/.test(file)));
    },
  );

  await t.test("other data than the pinned: an error, even for auto, and nothing left", async (t) => {
    const folder = temporaryFolder(t);
    const ended = await restore(folder, "auto", [], { POISON_REGISTRY: registry.url });
    assert.equal(ended.code, 1);
    assert.match(
      ended.stderr,
      /wrong checksum: [0-9a-f]{32}\.dir, 11 files, \d+ bytes came; expected 22e3f61e\w+\.dir, 2800 files, 64128504 bytes/,
    );
    assert.deepEqual(await listing(folder), ["params.yaml", "stages.lock.json"]);
  });

  await t.test("an unknown revision: DVC's own words, no drawings", async (t) => {
    await assert.rejects(fetchFromRegistry({ ...pinned, revision: "nowhere" }, temporaryFolder(t)), (error: Error) => {
      assert.match(error.message, /^dvc get failed: .*unknown Git revision 'nowhere'/);
      return !(error instanceof Unreachable);
    });
  });

  await t.test("killed while DVC waits for the server: nothing left, and DVC is gone too", async (t) => {
    const folder = temporaryFolder(t);
    await writeParams(folder, "registry");
    registry.server.answers = "stall";
    t.after(() => (registry.server.answers = "all"));
    const { child, ended } = startRestore(folder, [], { POISON_REGISTRY: registry.url });
    const scratch = join(folder, "images.partial/images/.work/scratch");
    while ((await readdir(scratch).catch(() => [])).length === 0 && child.exitCode === null) await sleep(50);
    const of = async (pid: string) => `${await readFile(`/proc/${pid}/environ`, "utf8").catch(() => "")}`;
    const dvc = async () => {
      const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name));
      return (await Promise.all(pids.map(of))).filter((text) => text.includes(scratch)).length;
    };
    assert.ok((await dvc()) > 0);
    child.kill("SIGTERM");
    assert.equal((await ended).code, 143);
    assert.deepEqual(await listing(folder), ["params.yaml", "stages.lock.json"]);
    await sleep(200);
    assert.equal(await dvc(), 0);
  });

  await t.test("Git answers, but the server of the data does not: unreachable", async (t) => {
    registry.server.answers = "nothing";
    await assert.rejects(fetchFromRegistry(pinned, temporaryFolder(t)), (error: Error) => {
      assert.match(error.message, /^dvc get failed: .*[Cc]onnect/);
      return error instanceof Unreachable;
    });
  });
});

test("POISON_REGISTRY is a copy with the same content; POISON_REGISTRY_REV is other content", () => {
  assert.deepEqual(chooseRegistry({}), CATS_DOGS);
  assert.deepEqual(chooseRegistry({ POISON_REGISTRY: "u" }), { ...CATS_DOGS, url: "u" });
  assert.deepEqual(chooseRegistry({ POISON_REGISTRY_REV: "r" }), {
    url: CATS_DOGS.url,
    path: CATS_DOGS.path,
    revision: "r",
  });
});
