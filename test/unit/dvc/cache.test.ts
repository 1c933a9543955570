import assert from "node:assert/strict";
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type TestContext, test } from "node:test";
import fc from "fast-check";
import { layOut, openCache } from "../../../src/dvc/cache.ts";
import { md5 } from "../../../src/dvc/md5.ts";
import { StageError } from "../../../src/runtime/errors.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** A cache, a folder to lay out in, and one beside it that nothing may change. */
function setting(t: TestContext) {
  const base = temporaryFolder(t);
  const [root, cache] = [join(base, "laid-out"), join(base, "cache")];
  const store = (content: string, digest = md5(content)) => {
    const place = join(cache, "files/md5", digest.slice(0, 2), digest.slice(2));
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, content);
    return digest;
  };
  const folder = (entries: unknown) => store(JSON.stringify(entries), `${md5(JSON.stringify(entries))}.dir`);
  return { base, root, store, folder, cache: openCache(cache) };
}

test("files and folders of the cache are laid out at their paths", async (t) => {
  const { root, store, folder, cache } = setting(t);
  const layout = layOut(cache, root);
  const a = store("a");
  assert.equal(await layout.link(a, "data/labels.csv"), true);
  assert.equal(
    await layout.link(
      folder([
        { md5: a, relpath: "x/ü.txt" },
        { md5: a, relpath: "y.txt" },
      ]),
      "data/model",
    ),
    true,
  );
  await layout.write("metrics/train.json", Buffer.from("{}"));
  for (const [file, text] of Object.entries({
    "data/labels.csv": "a",
    "data/model/x/ü.txt": "a",
    "data/model/y.txt": "a",
    "metrics/train.json": "{}",
  }))
    assert.equal(readFileSync(join(root, file), "utf8"), text);
  assert.equal(await layout.link(md5("b"), "b"), false);
  assert.equal(await layout.link(folder([{ md5: md5("b"), relpath: "b" }]), "c"), false);
  assert.ok(!existsSync(join(root, "c")));
  assert.equal(await layout.link(a, "data/labels.csv"), true); // two stages name it
});

test("nothing is written below a file, through a link, or over what is there", async (t) => {
  const { base, root, store, folder, cache } = setting(t);
  const outside = join(base, "home");
  mkdirSync(outside);
  const layout = layOut(cache, root);
  await layout.link(store("a"), "out");
  const refuses = (call: () => Promise<unknown>) => assert.rejects(call, StageError);
  await refuses(() => layout.link(store("b"), "out/below"));
  await refuses(() => layout.write("out/below", Buffer.from("b")));
  await refuses(() => layout.link(folder([{ md5: store("b"), relpath: "below" }]), "out"));
  await refuses(() => layout.write("out", Buffer.from("b")));
  await refuses(() => layout.link(store("b"), "out"));
  symlinkSync(outside, join(root, "link"));
  await refuses(() => layout.write("link/x", Buffer.from("b")));
  await refuses(() => layout.link(store("b"), "link/x"));
  assert.deepEqual(readdirSync(outside), []);
  assert.equal(readFileSync(join(root, "out"), "utf8"), "a");
});

test("a folder's object whose entries lead anywhere is refused", async (t) => {
  const { base, root, store, folder, cache } = setting(t);
  const a = store("a");
  const wrong: unknown[] = [
    [{ md5: a, relpath: "../x" }],
    [{ md5: a, relpath: "/x" }],
    [{ md5: a, relpath: "a/../../x" }],
    [{ md5: a, relpath: "..\\x" }],
    [{ md5: "aa/../../x", relpath: "x" }],
    [{ md5: `${a}.dir`, relpath: "x" }],
    [{ relpath: "x" }],
    { md5: a },
    "x",
  ];
  for (const entries of wrong) await assert.rejects(layOut(cache, root).link(folder(entries), "out"), StageError);
  await assert.rejects(layOut(cache, root).link(store("no JSON", `${md5("no JSON")}.dir`), "out"), StageError);
  assert.deepEqual(readdirSync(base).sort(), ["cache"]);
});

test("whatever the paths, all that is laid out is below the folder", async (t) => {
  const { base, store, cache } = setting(t);
  const part = fc.constantFrom("a", "b", "..", ".", "", "c");
  let run = 0;
  const before = readdirSync(base).length;
  await fc.assert(
    fc.asyncProperty(
      fc.array(
        fc.array(part, { maxLength: 4 }).map((parts) => parts.join("/")),
        { maxLength: 6 },
      ),
      async (paths) => {
        const layout = layOut(cache, join(base, "runs", String(run++)));
        for (const [i, path] of paths.entries())
          await layout.link(store(String(i)), path).catch((error) => assert.ok(error instanceof StageError));
      },
    ),
  );
  assert.equal(readdirSync(base).length, before + 2); // cache and runs
  assert.equal(readdirSync(join(base, "runs")).filter((name) => !/^\d+$/.test(name)).length, 0);
});
