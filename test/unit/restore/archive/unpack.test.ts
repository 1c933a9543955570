import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, readFile, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { create } from "tar";
import yazl from "yazl";
import { UNPACK_LIMITS } from "../../../../src/restore/archive/archive-guard.ts";
import { unpack } from "../../../../src/restore/archive/unpack.ts";
import { listing } from "../../../support/image-fixtures.ts";
import { tarBytes } from "../../../support/tar-bytes.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

type Entry = {
  path: string;
  content?: string | Buffer;
  type?: "File" | "SymbolicLink" | "Link" | "Directory" | "FIFO" | "CharacterDevice";
  to?: string;
};

const IMAGES: Entry[] = [
  { path: "train/cats/a b 'c' \"d\".jpg", content: "1" },
  { path: "train/dogs/größe猫.jpg", content: "2" },
  { path: "validation/cats/a.PNG", content: "3" },
  { path: "validation/dogs/a.jpg", content: "" },
];
const OTHER: Entry[] = [
  { path: "README.md", content: "about" },
  { path: "train/cats/notes.txt", content: "x" },
  { path: "train/cats/._a.jpg", content: "x" },
  { path: "__MACOSX/train/cats/a.jpg", content: "x" },
  { path: "train/cats/deep/er/a.jpg", content: "x" },
  { path: "test/cats/a.jpg", content: "x" },
];

const MODES = {
  File: 0o100644,
  SymbolicLink: 0o120777,
  Link: 0o120777,
  Directory: 0o040755,
  FIFO: 0o010644,
  CharacterDevice: 0o020644,
};

/** A zip by yazl, which refuses bad names: they are put in afterwards, by names of the same length. */
async function zip(file: string, entries: readonly Entry[]): Promise<void> {
  const archive = new yazl.ZipFile();
  const renamed = entries.map(({ path, content = "", type = "File", to }, index) => {
    const name = `<${index}>`.padEnd(Buffer.byteLength(path), "#");
    archive.addBuffer(Buffer.from((to ?? content) as string), name, { mode: MODES[type], forceDosTimestamp: true });
    return [name, path] as const;
  });
  archive.end();
  await pipeline(archive.outputStream, createWriteStream(file));
  let bytes = (await readFile(file)).toString("latin1");
  for (const [name, path] of renamed) bytes = bytes.replaceAll(name, Buffer.from(path).toString("latin1"));
  await writeFile(file, bytes, "latin1");
}

const FORMATS: Record<string, (file: string, entries: readonly Entry[]) => Promise<void>> = {
  zip,
  tar: (file, entries) => writeFile(file, tarBytes(entries)),
  "tar.gz": (file, entries) => writeFile(file, gzipSync(tarBytes(entries))),
};

for (const [format, pack] of Object.entries(FORMATS)) {
  const attempt = async (folder: string, entries: readonly Entry[]) => {
    const archive = join(folder, `pets.${format}`);
    await pack(archive, entries);
    await unpack(archive, join(folder, "in", "unpacked"), "pets");
  };

  test(`${format}: unpacks images and tables; of what else is no junk, the name alone`, async (t) => {
    const folder = temporaryFolder(t);
    await attempt(folder, [...OTHER, { path: "train/cats/", type: "Directory" }, ...IMAGES]);
    const others = ["README.md", "test/cats/a.jpg", "train/cats/deep/er/a.jpg", "train/cats/notes.txt"];
    assert.deepEqual(await listing(join(folder, "in/unpacked")), [...others, ...IMAGES.map(({ path }) => path)].sort());
    assert.equal(await readFile(join(folder, "in/unpacked/README.md"), "utf8"), "");
    for (const { path, content } of IMAGES)
      assert.equal(await readFile(join(folder, "in/unpacked", path), "utf8"), content);
  });

  test(`${format}: single folders around the splits, ./ in front, the set's own dataset.json`, async (t) => {
    const folder = temporaryFolder(t);
    await attempt(
      folder,
      [...IMAGES, { path: "dataset.json", content: "{}" }].map((entry) => ({
        ...entry,
        path: `./pets/data/${entry.path}`,
      })),
    );
    const found = await listing(join(folder, "in/unpacked"));
    assert.deepEqual(
      found,
      ["dataset.json", ...IMAGES.map(({ path }) => path)].map((path) => `pets/data/${path}`).sort(),
    );
  });

  test(`${format}: an unsafe entry stops it, is named, and nothing lies outside the folder`, async (t) => {
    const jpg = "train/cats/x.jpg";
    const attacks: [Entry[], RegExp][] = [
      [[{ path: `../../${jpg}`, content: "x" }], /the entry "\.\.\/\.\.\/train\/cats\/x\.jpg" leads out of its folder/],
      [[{ path: "train/cats/../../../../x.jpg", content: "x" }], /leads out of its folder/],
      [
        [{ path: "/tmp/train/cats/x.jpg", content: "x" }],
        /the entry "\/tmp\/train\/cats\/x\.jpg" has an absolute name/,
      ],
      [[{ path: "C:/train/cats/x.jpg", content: "x" }], /has an absolute name/],
      [
        [
          { path: "train", type: "SymbolicLink", to: "/etc" },
          { path: jpg, content: "x" },
        ],
        /the entry "train" is a link/,
      ],
      [[{ path: jpg, type: "SymbolicLink", to: "/etc/passwd" }], /is a link/],
      [[{ path: "elsewhere", type: "Link", to: "/etc/passwd" }], /is a link/],
      [[{ path: jpg, type: "FIFO" }], /is a special file/],
      [[{ path: jpg, type: "CharacterDevice" }], /is a special file/],
      [[{ path: "train/cats/x\n.jpg", content: "x" }], /the entry "train\/cats\/x\\n\.jpg" holds a control character/],
      [
        [
          { path: jpg, content: "x" },
          { path: jpg, content: "y" },
        ],
        /stands there twice/,
      ],
      [
        [
          { path: "./train//cats/x.jpg", content: "x" },
          { path: jpg, content: "y" },
        ],
        /stands there twice/,
      ],
    ];
    for (const [entries, message] of attacks) {
      const folder = temporaryFolder(t);
      await assert.rejects(
        attempt(folder, [...IMAGES.slice(0, 1), ...entries, ...IMAGES.slice(1)]),
        { name: "StageError", message },
        entries[0]?.path,
      );
      const outside = (await listing(folder)).filter((file) => !file.startsWith("in/unpacked/train/cats/"));
      assert.deepEqual(outside, [`pets.${format}`], entries[0]?.path);
    }
  });

  test(`${format}: cut short anywhere, or with a wrong byte, it is refused`, async (t) => {
    const folder = temporaryFolder(t);
    const archive = join(folder, `pets.${format}`);
    await pack(
      archive,
      IMAGES.map((entry) => ({ ...entry, content: randomBytes(600) })),
    );
    const whole = await readFile(archive);
    const attemptBytes = async (bytes: Buffer) => {
      const target = temporaryFolder(t);
      await writeFile(archive, bytes);
      await unpack(archive, target, "pets");
    };
    await attemptBytes(whole);
    for (const share of [0.02, 0.3, 0.5, 0.6, 0.75]) {
      const length = Math.floor(whole.length * share);
      await assert.rejects(
        attemptBytes(whole.subarray(0, length)),
        { name: "StageError", message: /^pets: the \w+ archive is damaged or cut short: / },
        `${length} of ${whole.length}`,
      );
    }
    if (format === "tar") return; // has a checksum of its headers only
    const wrong = Buffer.from(whole);
    wrong[300] = (wrong[300] as number) ^ 0x55; // within the first image
    await assert.rejects(attemptBytes(wrong), { name: "StageError", message: /damaged or cut short/ });
  });

  test(`${format}: a bomb is stopped before it fills the disk`, async (t) => {
    const folder = temporaryFolder(t);
    const limits = { ...UNPACK_LIMITS };
    t.after(() => Object.assign(UNPACK_LIMITS, limits));
    Object.assign(UNPACK_LIMITS, { bytes: 50_000, ratio: 0, entries: 100 });
    const large = Array.from({ length: 10 }, (_, i) => ({
      path: `train/cats/${i}.jpg`,
      content: Buffer.alloc(10_000),
    }));
    await assert.rejects(
      attempt(folder, large),
      /"train\/cats\/5\.jpg" is too much: the archive would unpack to more than 0 MB/,
    );
    // Of a zip all entries are known before the first is unpacked.
    assert.equal((await listing(join(folder, "in/unpacked")).catch(() => [])).length, format === "zip" ? 0 : 5);
    await assert.rejects(
      attempt(
        temporaryFolder(t),
        Array.from({ length: 101 }, (_, i) => ({ path: `x${i}.txt` })),
      ),
      /the limit is 100 entries/,
    );
  });
}

test("archives as tools make them: GNU names of any length, links on the way refused", async (t) => {
  const folder = temporaryFolder(t);
  const long = `train/${"long-".repeat(30)}/${"name-".repeat(40)}.jpg`;
  await mkdir(dirname(join(folder, "pets", long)), { recursive: true });
  await writeFile(join(folder, "pets", long), "x");
  await create({ file: join(folder, "pets.tgz"), gzip: true, cwd: folder }, ["pets"]);
  await unpack(join(folder, "pets.tgz"), join(folder, "out"), "pets");
  assert.deepEqual(await listing(join(folder, "out")), [`pets/${long}`]);
  await symlink("/etc/passwd", join(folder, "pets/link"));
  await create({ file: join(folder, "pets.tgz"), gzip: true, cwd: folder }, ["pets"]);
  await assert.rejects(unpack(join(folder, "pets.tgz"), join(folder, "out2"), "pets"), /"pets\/link" is a link/);
});

test("other files than zip and tar are called what they are", async (t) => {
  const folder = temporaryFolder(t);
  const cases: [string, RegExp][] = [
    ["fd377a585a0000", /pets: is xz; zip, tar and tar\.gz can be read/],
    ["425a6839", /is bzip2/],
    ["377abcaf271c", /is 7z/],
    ["", /is empty \(0 bytes\)/],
    [Buffer.from("<html></html>").toString("hex"), /is a web page/],
    ["00".repeat(512), /the tar archive is damaged or cut short/],
    [Buffer.from("hello").toString("hex"), /the tar archive is damaged or cut short/],
  ];
  for (const [hex, message] of cases) {
    await writeFile(join(folder, "x"), Buffer.from(hex, "hex"));
    await assert.rejects(unpack(join(folder, "x"), join(folder, "out"), "pets"), { name: "StageError", message });
  }
});

test("an encrypted zip is refused by name", async (t) => {
  const folder = temporaryFolder(t);
  await zip(join(folder, "pets.zip"), IMAGES);
  const bytes = await readFile(join(folder, "pets.zip"));
  for (const [signature, at] of [
    ["PK\x01\x02", 8],
    ["PK\x03\x04", 6],
  ] as const) {
    for (let i = bytes.indexOf(signature, 0, "latin1"); i >= 0; i = bytes.indexOf(signature, i + 1, "latin1"))
      bytes[i + at] = (bytes[i + at] as number) | 1;
  }
  await writeFile(join(folder, "pets.zip"), bytes);
  await assert.rejects(unpack(join(folder, "pets.zip"), join(folder, "out"), "pets"), {
    name: "StageError",
    message: /encrypted/,
  });
});
