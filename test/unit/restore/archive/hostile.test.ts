import assert from "node:assert/strict";
import { createWriteStream } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { type TestContext, test } from "node:test";
import zlib, { deflateRawSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import yazl from "yazl";
import { UNPACK_LIMITS } from "../../../../src/restore/archive/archive-guard.ts";
import { PADDING, PortionReader } from "../../../../src/restore/archive/tar-stream.ts";
import { unpack } from "../../../../src/restore/archive/unpack.ts";
import { listing } from "../../../support/image-fixtures.ts";
import { paxRecords, TAR_END, tarBytes, tarEntries } from "../../../support/tar-bytes.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const IMAGE = { path: "train/cats/a.jpg", content: "1" };

/** Unpacks an archive of these bytes. @returns what lies in the folder then. */
async function unpackBytes(t: TestContext, bytes: Buffer): Promise<string[]> {
  const folder = temporaryFolder(t);
  await writeFile(join(folder, "pets"), bytes);
  await unpack(join(folder, "pets"), join(folder, "out"), "pets");
  return listing(join(folder, "out"));
}

/** Refused, within so short a time that nothing can have been unpacked beyond what was declared. */
async function refused(t: TestContext, bytes: Buffer, message: RegExp): Promise<void> {
  const started = performance.now();
  await assert.rejects(unpackBytes(t, bytes), { name: "StageError", message });
  assert.ok(performance.now() - started < 5000, String(message));
}

function lowLimits(t: TestContext, limits: Partial<typeof UNPACK_LIMITS>): void {
  const before = { ...UNPACK_LIMITS };
  Object.assign(UNPACK_LIMITS, limits);
  t.after(() => Object.assign(UNPACK_LIMITS, before));
}

test("after the end of a tar come a few zeros at most, however they are packed", async (t) => {
  const tar = tarBytes([IMAGE]);
  const zeros = (length: number) => Buffer.alloc(length);
  const gz = gzipSync(tar);
  const fine = [
    Buffer.concat([tar, zeros(9 * 1024)]),
    gzipSync(Buffer.concat([tar, zeros(9 * 1024)])),
    Buffer.concat([gz, gzipSync(zeros(10_240))]),
    Buffer.concat([gz, zeros(10_240)]),
    Buffer.concat([gzipSync(tar.subarray(0, 700)), gzipSync(tar.subarray(700))]), // as pigz and bgzip write
  ];
  for (const bytes of fine) assert.deepEqual(await unpackBytes(t, bytes), [IMAGE.path]);

  const member = gzipSync(zeros(2 ** 22)); // 4 KB that unpack to 4 MB
  const endless = Buffer.concat([gz, ...Array.from({ length: 60 }, () => member)]);
  assert.ok(endless.length < 260_000);
  await refused(
    t,
    endless,
    /^pets: the tar archive is damaged or cut short: more than 1048576 zeros follow its end\.$/,
  );
  await refused(t, Buffer.concat([gz, zeros(PADDING + 1)]), /1048577 bytes follow the end of its gzip/);
  await refused(t, Buffer.concat([tar, zeros(PADDING + 1)]), /more than 1048576 zeros follow its end/);
  await refused(t, Buffer.concat([tar, tar]), /another tar follows its end/);
  await refused(t, Buffer.concat([gz, gz]), /another tar follows its end/);
  await refused(
    t,
    Buffer.concat([tar, zeros(512), Buffer.from("\x1b[31mhello")]),
    /"\\u001b\[31mhello" follows its end/,
  );
  await refused(t, Buffer.concat([gz, zeros(512), gz]), /what is not gzipped follows the end of its gzip/);
  await refused(t, Buffer.concat([gz, Buffer.from("hello")]), /damaged or cut short/);
  await refused(t, gzipSync(gzipSync(tar)), /damaged or cut short/);
});

test("all that a tar unpacks to counts, whether it is of the layout or not", async (t) => {
  lowLimits(t, { bytes: 50_000, ratio: 0 });
  const other = (size: number, content = "") => ({ path: "video.bin", size, content });
  const tooMuch = /the archive would unpack to more than 0 MB/;
  await refused(t, gzipSync(tarBytes([IMAGE, other(60_000, "\0".repeat(60_000))])), tooMuch);
  await refused(t, gzipSync(tarBytes(Array.from({ length: 6 }, () => other(10_000, "\0".repeat(10_000))))), tooMuch);
  await refused(t, tarEntries([other(2 ** 40)]), /the entry "video\.bin" is too much/); // before any of it has come
  await refused(t, tarEntries([{ ...other(2 ** 40), type: "Directory" }]), /its end is missing/); // a folder has none
  const pax = { path: "PaxHeader", type: "ExtendedHeader", content: paxRecords({ comment: "x".repeat(9000) }) };
  await refused(t, gzipSync(tarBytes([...Array(6).fill(pax), IMAGE])), tooMuch);
  assert.deepEqual(await unpackBytes(t, gzipSync(tarBytes([IMAGE, other(40_000, "\0".repeat(40_000))]))), [
    IMAGE.path,
    "video.bin",
  ]);
});

test("extended headers: as tools write them, and no larger", async (t) => {
  const path = `train/cats/${"größe 猫 ".repeat(15)}\u00e9.jpg`;
  const pax = (records: Record<string, string>, type = "ExtendedHeader") => ({
    path: "PaxHeader",
    type,
    content: paxRecords(records),
  });
  const long = (content: string, type = "NextFileHasLongPath") => ({ path: "././@LongLink", type, content });
  assert.deepEqual(await unpackBytes(t, tarBytes([pax({ path, mtime: "1.5" }), IMAGE])), [path]);
  assert.deepEqual(await unpackBytes(t, tarBytes([long(`${path}\0`), IMAGE])), [path]);
  assert.deepEqual(await unpackBytes(t, tarBytes([pax({ size: "1" }), { ...IMAGE, size: 0 }])), [IMAGE.path]);
  assert.deepEqual(
    await unpackBytes(t, tarBytes([pax({ comment: "3f389a7" }, "GlobalExtendedHeader"), IMAGE])),
    [IMAGE.path],
    "as `git archive` writes it",
  );
  assert.deepEqual(await unpackBytes(t, tarBytes([{ path: "2024", type: "TapeVolumeHeader" }, IMAGE])), [IMAGE.path]);

  await refused(
    t,
    tarBytes([pax({ path: "train/cats/a\nb.jpg" }), IMAGE]),
    /"train\/cats\/a\\nb\.jpg" holds a control/,
  );
  await refused(t, tarBytes([pax({ path: "../a.jpg" }), IMAGE]), /leads out of its folder/);
  await refused(t, tarBytes([long("/etc/train/cats/a.jpg"), IMAGE]), /has an absolute name/);
  await refused(
    t,
    tarBytes([pax({ path }, "GlobalExtendedHeader"), IMAGE]),
    /a global header gives all entries one path/,
  );
  for (const size of ["-1", "1e300", "NaN", "99999999999999999999", " 1"])
    await refused(t, tarBytes([pax({ size }), IMAGE]), /the size of an entry is|is too much/);
  await refused(t, tarBytes([{ ...pax({}), content: "99 path=x\n" }, IMAGE]), /an extended header is damaged/);
  await refused(t, tarBytes([{ ...pax({}), content: "x path=x\n" }, IMAGE]), /an extended header is damaged/);
  for (const type of ["ExtendedHeader", "GlobalExtendedHeader", "NextFileHasLongPath", "NextFileHasLongLinkpath"])
    await refused(t, tarEntries([{ path: "x", type, size: 3e9 }]), /an extended header has 3000000000 bytes/);
  for (const name of ["GNU.sparse.major", "GNU.sparse.name", "GNU.sparse.map"])
    await refused(t, tarBytes([pax({ [name]: "1" }), IMAGE]), /"train\/cats\/a\.jpg" is a sparse file/);
  await refused(t, tarBytes([{ ...IMAGE, type: "SparseFile" }]), /is a sparse file/);
  await refused(t, tarBytes([long(`train/cats/${"x".repeat(300)}.jpg`), IMAGE]), /a part longer than 255 bytes/);
  await refused(t, tarBytes([long("x".repeat(2 ** 20)), IMAGE]), /^.{300,500}$/s); // a name is shown in part
});

test("any pieces of a stream give the same portions", async () => {
  const lengths = fc.array(fc.nat({ max: 40 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), lengths, lengths, async (bytes, pieces, portions) => {
      const cut = async function* () {
        let from = 0;
        for (const length of pieces) {
          yield Buffer.from(bytes.subarray(from, from + length));
          from += length;
        }
        yield Buffer.from(bytes.subarray(from));
      };
      const reader = new PortionReader(cut());
      let at = 0;
      for (const length of portions) {
        const portion = await reader.take(length);
        if (at + length > bytes.length) return assert.equal(portion, undefined);
        assert.deepEqual(new Uint8Array(portion as Buffer), bytes.subarray(at, at + length));
        at += length;
      }
    }),
  );
});

/** A zip of these entries, by hand. @param where of the entry whose content each shares; its own by default. */
function zipBytes(
  entries: { path: string; data: Buffer; size: number; crc: number; method?: number; of?: number }[],
  count = entries.length,
): Buffer {
  const parts: Buffer[] = [];
  const offsets: number[] = [];
  let at = 0;
  const fields = ({ path, data, size, crc, method = 8 }: (typeof entries)[number]) => {
    const block = Buffer.alloc(26);
    block.writeUInt16LE(20, 0);
    block.writeUInt16LE(method, 4);
    block.writeUInt32LE(crc, 10);
    block.writeUInt32LE(data.length, 14);
    block.writeUInt32LE(size, 18);
    block.writeUInt16LE(Buffer.byteLength(path), 22);
    return block;
  };
  for (const [index, entry] of entries.entries()) {
    if (entry.of !== undefined) {
      offsets.push(offsets[entry.of] as number);
      continue;
    }
    offsets[index] = at;
    const local = Buffer.concat([Buffer.from("PK\x03\x04"), fields(entry), Buffer.from(entry.path), entry.data]);
    parts.push(local);
    at += local.length;
  }
  const start = at;
  for (const [index, entry] of entries.entries()) {
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offsets[index] as number, 10);
    const central = [Buffer.from("PK\x01\x02\x14\x00"), fields(entry), rest, Buffer.from(entry.path)];
    parts.push(Buffer.concat(central));
    at += 46 + Buffer.byteLength(entry.path);
  }
  const end = Buffer.alloc(22);
  end.write("PK\x05\x06", "latin1");
  end.writeUInt16LE(count & 0xffff, 8);
  end.writeUInt16LE(count & 0xffff, 10);
  end.writeUInt32LE(at - start, 12);
  end.writeUInt32LE(start, 16);
  return Buffer.concat([...parts, end]);
}

const zipEntry = (path: string, content: Buffer, size = content.length) => ({
  path,
  data: deflateRawSync(content),
  size,
  crc: zlib.crc32?.(content) ?? 0,
});

test("a zip that lies about its entries", async (t) => {
  const a = zipEntry("train/cats/a.jpg", Buffer.from("one"));
  assert.deepEqual(await unpackBytes(t, zipBytes([a])), [a.path]);
  await refused(
    t,
    zipBytes([a, { ...a, path: "train/cats/b.jpg", of: 0 }]),
    /"train\/cats\/a\.jpg" and "train\/cats\/b\.jpg" overlap/,
  );
  const longer = zipEntry("train/cats/b.jpg", Buffer.alloc(50_000_000), 10);
  await refused(t, zipBytes([a, longer]), /too many bytes in the stream/);
  const shorter = zipEntry("train/cats/b.jpg", Buffer.alloc(10), 1000);
  await refused(t, zipBytes([a, shorter]), /not enough bytes in the stream/);
  await refused(t, zipBytes([a, { ...zipEntry("x.bin", Buffer.alloc(9)), size: 2 ** 32 - 2 }]), /"x\.bin" is too much/);
  await refused(t, zipBytes([a], 3), /damaged or cut short/);
  await refused(t, zipBytes([{ ...a, method: 99 }]), /is encrypted|is packed by/);
  lowLimits(t, { bytes: 100_000, ratio: 0 });
  const bombs = Array.from({ length: 20 }, (_, i) => zipEntry(`train/cats/${i}.jpg`, Buffer.alloc(10_000)));
  await refused(t, zipBytes(bombs), /"train\/cats\/10\.jpg" is too much: the archive would unpack to more than 0 MB/);
});

test("a zip64 that claims a thousand million entries, or entries of any size", async (t) => {
  const file = join(temporaryFolder(t), "x.zip");
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from("one"), "train/cats/a.jpg", { forceZip64Format: true, compress: false });
  zip.end({ forceZip64Format: true, comment: "" });
  await pipeline(zip.outputStream, createWriteStream(file));
  const bytes = await readFile(file);
  assert.deepEqual(await unpackBytes(t, bytes), ["train/cats/a.jpg"]);
  const end = bytes.lastIndexOf("PK\x06\x06", undefined, "latin1");
  const many = Buffer.from(bytes);
  many.writeBigUInt64LE(1_000_000_000n, end + 32);
  await refused(t, many, /it has 1000000000 entries; the limit is 1000000 entries/);
  const central = bytes.indexOf("PK\x01\x02", 0, "latin1");
  const large = Buffer.from(bytes);
  large.writeBigUInt64LE(2n ** 50n, large.indexOf("\x01\x00\x18\x00", central, "latin1") + 4);
  await refused(t, large, /is too much|mismatch for stored file/);
  const beyond = Buffer.from(bytes);
  beyond.writeBigUInt64LE(2n ** 63n, end + 48);
  await refused(t, beyond, /damaged or cut short/);
});

test("signals and timers are heard while an archive is unpacked", async (t) => {
  const content = Buffer.alloc(100_000_000);
  const archives = [
    gzipSync(tarBytes([{ path: "video.bin", content }])),
    zipBytes([zipEntry("train/cats/a.jpg", content)]),
    Buffer.concat([tarBytes([{ path: "video.bin", content }]), TAR_END]),
  ];
  for (const bytes of archives) {
    let heard = 0;
    const timer = setInterval(() => heard++, 1);
    await unpackBytes(t, bytes);
    clearInterval(timer);
    assert.ok(heard > 5, `${heard} times`);
  }
});

test("whatever bytes are damaged, there is one clear error or there are images, and nothing lies outside", async (t) => {
  const tar = tarBytes([
    { path: "PaxHeader", type: "ExtendedHeader", content: paxRecords({ path: `train/cats/${"b".repeat(120)}.jpg` }) },
    IMAGE,
    { path: "train/dogs/a.jpg", content: "two" },
  ]);
  const zip = zipBytes([
    zipEntry("train/cats/a.jpg", Buffer.from("one")),
    zipEntry("train/dogs/a.jpg", Buffer.from("two")),
  ]);
  const damage = fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(tar, zip, gzipSync(tar)), damage, async (whole, changes) => {
      const bytes = Buffer.from(whole);
      for (const [at, value] of changes) bytes[at % bytes.length] = value;
      const folder = temporaryFolder(t);
      await writeFile(join(folder, "pets"), bytes);
      await unpack(join(folder, "pets"), join(folder, "in", "out"), "pets").catch((error: Error) => {
        assert.equal(error.name, "StageError", error.stack);
        assert.doesNotMatch(error.message, /\p{Cc}/u);
      });
      for (const file of await listing(folder)) assert.match(file, /^(pets$|in\/out\/)/);
    }),
    { numRuns: 500 },
  );
});
