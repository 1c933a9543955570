import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readNpy, writeNpy } from "../../../../src/public/records.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("what is written is read, also of a part of a buffer; the bytes are NumPy's", async (t) => {
  const file = join(temporaryFolder(t), "a.npy");
  const values = Float32Array.of(9, 1, 2, 3, 4, 5, 6).subarray(1);
  await writeNpy(file, { shape: [3, 1, 2], values });
  assert.deepEqual(await readNpy(file), { shape: [3, 1, 2], values: Float32Array.of(1, 2, 3, 4, 5, 6) });
  const bytes = readFileSync(file);
  assert.equal(bytes.length, 128 + 24);
  assert.ok(
    bytes
      .toString("latin1")
      .startsWith("\x93NUMPY\x01\x00\x76\x00{'descr': '<f4', 'fortran_order': False, 'shape': (3, 1, 2), }"),
  );
});

test("a shape that is not the values' is refused; a file that is none is, without a word of stages", async (t) => {
  const file = join(temporaryFolder(t), "a.npy");
  for (const shape of [[6], [2, 2], [2, 3, 0], [2.5, 2.4], []])
    await assert.rejects(writeNpy(file, { shape, values: new Float32Array(6) }), {
      name: "StageError",
      message: /^the shape is \[/,
    });
  const refused = (message: RegExp) => assert.rejects(readNpy(file), { name: "StageError", message, hint: undefined });
  await refused(/a\.npy: cannot be opened/);
  writeFileSync(file, "text");
  await refused(/it is not a \.npy file/);
});
