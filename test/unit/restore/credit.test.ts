import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { readCredit } from "../../../src/restore/credit.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a source may name itself; of a stranger's words only plain ones are taken", async (t) => {
  const root = temporaryFolder(t);
  const read = async (text: string) => {
    writeFileSync(join(root, "dataset.json"), text);
    const warnings: string[] = [];
    return { credit: await readCredit(root, "pets.zip", (text) => warnings.push(text)), warnings };
  };
  const said = async (value: object) => (await read(JSON.stringify(value))).credit;
  assert.deepEqual(await readCredit(root, "pets.zip", assert.fail), {});
  assert.deepEqual(
    await said({ name: " Haus- und\n Hoftiere 猫 🐈 ", licence: "CC BY-SA 4.0", credit: "A. O'Hara & Co" }),
    {
      name: "Haus- und Hoftiere 猫 🐈",
      license: "CC BY-SA 4.0",
      credit: "A. O'Hara & Co",
    },
  );
  assert.deepEqual(await said({ name: "\ufeff\u2028x" }), { name: "x" });
  assert.deepEqual(await said({ name: "x</script><script>alert(1)</script>" }), {
    name: "x/scriptscriptalert(1)/script",
  });
  assert.deepEqual(await said({ name: "[a](http://x) `b` ~~c~~ **d** |e|" }), { name: "a(http://x) b c d e" });
  assert.deepEqual(await said({ name: "=HYPERLINK(1)", credit: "+1", license: "@all" }), {
    name: "HYPERLINK(1)",
    license: "all",
    credit: "1",
  });
  assert.deepEqual(await said({ name: "cats-dogs (registry)" }), { name: "cats-dogs" }, "it does not pass for ours");
  assert.deepEqual(await said({ name: "x".repeat(10_000) }), { name: `${"x".repeat(200)}…` });
  assert.deepEqual(
    await said({ images: { train: { cats: 1e9 } }, classes: ["x"], source: "registry", digest: "0" }),
    {},
  );

  const passedOver: [text: string, warning: RegExp][] = [
    ['{"name": "a\\u001b[31m"}', /name is passed over: it is no printable text/],
    ['{"name": "a\\u202eb"}', /name is passed over/],
    ['{"name": "\\ud800"}', /name is passed over/],
    ['{"credit": {"x": 1}}', /credit is passed over/],
    ["[]", /holds no JSON object/],
    ["{\x1b", /holds no JSON object/],
    ["[".repeat(60_000), /holds no JSON object/],
    [`${"[".repeat(30_000)}${"]".repeat(30_000)}`, /holds no JSON object/],
    [`{"name":${'{"a":'.repeat(10_000)}1${"}".repeat(10_000)}}`, /name is passed over/],
    [`{"name":"${"x".repeat(70_000)}"}`, /has more than 65536 bytes/],
  ];
  for (const [text, warning] of passedOver) {
    const { credit, warnings } = await read(text);
    assert.deepEqual(credit, {}, text.slice(0, 40));
    assert.equal(warnings.length, 1);
    assert.match(warnings[0] as string, /^pets\.zip\/dataset\.json/);
    assert.match(warnings[0] as string, warning);
  }
});

test("what is no file is not waited for", async (t) => {
  const root = temporaryFolder(t);
  const file = join(root, "dataset.json");
  for (const make of [
    () => mkdirSync(file),
    () => symlinkSync("/dev/zero", file),
    () => execFileSync("mkfifo", [file]),
  ]) {
    if (process.platform === "win32") return;
    make();
    const warnings: string[] = [];
    assert.deepEqual(await readCredit(root, "pets", (text) => warnings.push(text)), {});
    assert.deepEqual(warnings, ["pets/dataset.json is passed over: it is no file."]);
    rmSync(file, { recursive: true });
  }
});

test("whatever a source says of itself, what is taken is a short line that means nothing to a browser or to Markdown", async (t) => {
  const root = temporaryFolder(t);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary" }), fc.jsonValue(), async (name, license) => {
      writeFileSync(join(root, "dataset.json"), JSON.stringify({ name, license }));
      const credit = await readCredit(root, "x", () => {});
      for (const text of Object.values(credit)) {
        assert.ok(text.length > 0 && text.length <= 201);
        assert.doesNotMatch(text, /[\p{Cc}\p{Cs}\u2028-\u202e\u2066-\u2069<>`*~|[\]{}\\]|^[=+@-]/u);
      }
    }),
    {
      examples: [
        ["", " ="],
        ["<=", " [ +x"],
      ],
    },
  );
});
