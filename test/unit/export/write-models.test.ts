import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { writeModels } from "../../../src/export/write-models.ts";
import { FILES, metadataOf, randomModel } from "../../support/random-top-model.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("equal models give equal bytes, whenever and wherever they are written", async (t) => {
  const [zone, now] = [process.env.TZ, Date.now];
  t.after(() => {
    Date.now = now;
    if (zone === undefined) delete process.env.TZ;
    else process.env.TZ = zone;
  });
  const write = async (TZ: string, time: number) => {
    const folder = temporaryFolder(t);
    process.env.TZ = TZ; // Node takes it at once
    Date.now = () => time;
    await writeModels(folder, randomModel(32, 1), metadataOf(1, [2, 2, 8]));
    return folder;
  };
  const [first, second] = [await write("UTC", 1e12), await write("Pacific/Auckland", 1.5e12)] as const;
  for (const file of FILES) assert.ok(readFileSync(join(first, file)).equals(readFileSync(join(second, file))), file);
});
