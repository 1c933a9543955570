import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, symlink } from "node:fs/promises";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { create } from "tar";
import { readDataset } from "../../../src/records/images/dataset.ts";
import { serve } from "../../support/http-server.ts";
import { catsAndDogs, listing, restore, startRestore, write, writeParams } from "../../support/image-fixtures.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A mirror folder with `cats-dogs` as folder or as archive, and the archive's bytes and checksum. */
async function makeMirror(t: TestContext) {
  const root = temporaryFolder(t);
  await write(join(root, "cats-dogs"), catsAndDogs());
  await create({ file: join(root, "cats-dogs.tar.gz"), gzip: true, cwd: root }, ["cats-dogs"]);
  const archive = await readFile(join(root, "cats-dogs.tar.gz"));
  return { root, archive, sha256: createHash("sha256").update(archive).digest("hex") };
}

const IMAGES = { train: { cats: 3, dogs: 3 }, validation: { cats: 2, dogs: 2 } };

test("a folder, or an archive in it; auto takes the mirror when there is one", async (t) => {
  const { root } = await makeMirror(t);
  for (const source of ["mirror", "auto"]) {
    const folder = temporaryFolder(t);
    const ended = await restore(folder, source, [], { POISON_MIRROR: root });
    assert.equal(ended.code, 0, ended.stderr);
    const { name, images } = await readDataset(join(folder, "images"));
    assert.deepEqual({ name, images }, { name: "cats-dogs (mirror)", images: IMAGES });
    await rename(join(root, "cats-dogs"), join(root, "away")).catch(() => {}); // then there is the archive
  }
});

test("a relative folder also counts from the repository when DVC runs the stage in a copy", async (t) => {
  const repository = temporaryFolder(t);
  const { root } = await makeMirror(t);
  await symlink(root, join(repository, "mirror"));
  const copy = join(repository, ".dvc/tmp/exps/x");
  await mkdir(copy, { recursive: true });
  const ended = await restore(copy, "mirror", [], { POISON_MIRROR: "mirror", DVC_ROOT: repository });
  assert.equal(ended.code, 0, ended.stderr);
});

test("over HTTP: an archive by its address or below one, with and without a checksum beside it", async (t) => {
  const { archive, sha256 } = await makeMirror(t);
  const url = await serve(t, (request, response) => {
    const path = request.url as string;
    if (path === "/a/cats-dogs.tar.gz" || path === "/b/cats-dogs.tar.gz?signature=x") response.end(archive);
    else if (path === "/a/cats-dogs.tar.gz.sha256") response.end(`${sha256}  cats-dogs.tar.gz\n`);
    else response.writeHead(404).end();
  });
  const checked = temporaryFolder(t);
  const first = await restore(checked, "auto", [], { POISON_MIRROR: `${url}/a/` });
  assert.equal(first.code, 0, first.stderr);
  assert.deepEqual((await readDataset(join(checked, "images"))).images, IMAGES);
  assert.match(first.stderr, /cats-dogs\.tar\.gz: 0\.0 MB in/);
  assert.doesNotMatch(first.stderr, /warning/);

  const unchecked = temporaryFolder(t);
  const second = await restore(unchecked, "mirror", [], { POISON_MIRROR: `${url}/b/cats-dogs.tar.gz?signature=x` });
  assert.equal(second.code, 0, second.stderr);
  assert.match(
    second.stderr,
    /warning: the bytes of .+\/b\/cats-dogs\.tar\.gz are not checked: there is no cats-dogs\.tar\.gz\.sha256 beside it/,
  );
  assert.doesNotMatch(second.stderr, /signature/);
  assert.deepEqual(await listing(join(unchecked, "images")), await listing(join(checked, "images")));
});

test("of a checksum that never ends only the beginning is read, and a signature is shown nowhere", async (t) => {
  const { archive, sha256 } = await makeMirror(t);
  const url = await serve(t, (request, response) => {
    const path = (request.url as string).replace("?sig=s3cret", "");
    if (path === "/a.tar.gz") response.end(archive);
    else if (path === "/endless.tar.gz") response.end(archive);
    else if (path === "/endless.tar.gz.sha256") {
      const pour = () => {
        while (response.writable && response.write(`${sha256}  x\n`.repeat(1000)));
      };
      response.on("drain", pour);
      pour();
    } else response.writeHead(404).end();
  });
  for (const [path, code] of [
    ["endless.tar.gz", 0],
    ["a.tar.gz", 0],
    ["none.tar.gz", 1],
  ] as const) {
    const ended = await restore(temporaryFolder(t), "mirror", [], { POISON_MIRROR: `${url}/${path}?sig=s3cret` });
    assert.equal(ended.code, code, ended.stderr);
    assert.doesNotMatch(ended.stdout + ended.stderr, /s3cret|sig=/);
  }
});

test("what goes wrong with a mirror is one clear error, never drawings, and leaves nothing", async (t) => {
  const { root, archive } = await makeMirror(t);
  const url = await serve(t, (request, response) => {
    const [, where, file] = (request.url as string).split("/");
    if (where === "wrong" && file?.endsWith(".sha256")) response.end(`${"0".repeat(64)}  cats-dogs.tar.gz\n`);
    else if (where === "nonsense" && file?.endsWith(".sha256")) response.end("<html>not found</html>");
    else if (where === "ill") response.writeHead(500).end();
    else if (where === "none" || file?.endsWith(".sha256")) response.writeHead(404).end();
    else if (where === "cut")
      response
        .writeHead(200, { "content-length": archive.length })
        .write(archive.subarray(0, archive.length >> 1), () => response.destroy());
    else if (where === "page") response.end("<html>Please log in</html>");
    else response.end(archive);
  });
  const cases: [mirror: string, message: RegExp][] = [
    [`${url}/wrong`, /\/wrong\/cats-dogs\.tar\.gz: SHA-256 is [0-9a-f]{64}, expected 0{64}/],
    [`${url}/nonsense`, /\/nonsense\/cats-dogs\.tar\.gz\.sha256: does not begin with a SHA-256/],
    [`${url}/cut`, /\/cut\/cats-dogs\.tar\.gz: broke off after [\d,]+ bytes/],
    [`${url}/page/x.zip`, /\/page\/x\.zip: is a web page; zip, tar and tar\.gz can be read/],
    [`${url}/none`, /the server has no .+\/none\/cats-dogs\.tar\.gz, no .+\.zip, no .+\.tar\./],
    [`${url}/ill`, /\/ill\/cats-dogs\.tar\.gz: the server answered 500/],
    [
      "http://127.0.0.1:65533/cats-dogs.zip",
      /http:\/\/127\.0\.0\.1:65533\/cats-dogs\.zip: cannot be reached: ECONNREFUSED/,
    ],
    ["http://name:secret@127.0.0.1:1/", /a name or password in the URL is not supported/],
    ["ftp://host/cats-dogs.zip", /POISON_MIRROR must be a folder or a valid http\(s\) URL/],
    ["/nowhere", /POISON_MIRROR is \/nowhere: no such folder\./],
    [join(root, "cats-dogs/train"), /there is no cats-dogs in it, neither a folder nor an archive/],
    ["", /data\.source is mirror, but POISON_MIRROR is not set/],
  ];
  const check = async ([mirror, message]: (typeof cases)[number]) => {
    const folder = temporaryFolder(t);
    const ended = await restore(folder, mirror === "" ? "mirror" : "auto", [], { POISON_MIRROR: mirror });
    assert.match(ended.stderr, message);
    assert.match(ended.stderr, /\n {2}→ /, mirror);
    assert.doesNotMatch(ended.stderr, /secret|\n {4}at /, mirror);
    assert.equal(ended.code, 1, mirror);
    assert.deepEqual(await listing(folder), ["params.yaml", "stages.lock.json"], mirror);
  };
  while (cases.length > 0) await Promise.all(cases.splice(0, 2).map(check)); // two cores
});

test("killed during the download, then again", async (t) => {
  const { archive } = await makeMirror(t);
  let stalls = true;
  const url = await serve(t, (request, response) => {
    if (request.url?.endsWith(".sha256")) response.writeHead(404).end();
    else if (stalls)
      response.writeHead(200, { "content-length": archive.length }).write(archive.subarray(0, archive.length >> 1));
    else response.end(archive);
  });
  const folder = temporaryFolder(t);
  await writeParams(folder, "mirror");
  const env = { POISON_MIRROR: url };
  const { child, ended } = startRestore(folder, [], env);
  const partial = join(folder, "images.partial");
  while (!(await listing(partial)).some((file) => file.includes("cats-dogs")) && child.exitCode === null)
    await sleep(10);
  child.kill("SIGTERM");
  assert.equal((await ended).code, 143);
  assert.deepEqual(await listing(folder), ["params.yaml", "stages.lock.json"]);
  stalls = false;
  assert.equal((await restore(folder, "mirror", [], env)).code, 0);
  assert.ok(!existsSync(partial));
});
