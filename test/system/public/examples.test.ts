import assert from "node:assert/strict";
import { copyFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { examplePrograms, findExamples, runExample } from "../../support/examples.ts";

/** What needs VGG16's weights, or draws; a folder of two photographs lies beside it. */
const HERE = ["features", "plots"];

for (const example of findExamples().filter(({ module }) => HERE.includes(module)))
  test(`the example at ${example.place} prints what it says`, async (t) => {
    const { folder, files } = examplePrograms(t, [example]);
    mkdirSync(join(folder, "photos"));
    for (const name of ["cat.4362.jpg", "dog.4203.jpg"])
      copyFileSync(resolve("test/golden", name), join(folder, "photos", name));
    assert.deepEqual(await runExample(files[0] as string, folder), example.prints);
    assert.ok(example.prints.length > 0, "it says nothing");
  });
