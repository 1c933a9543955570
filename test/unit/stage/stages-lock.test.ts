import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { checkPackages } from "../../../src/stage/stages-lock.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a package is looked for in node_modules, or where the set-up has installed it beside", (t) => {
  const file = join(temporaryFolder(t), "stages.lock.json");
  const check = (packages: Record<string, string>) => {
    writeFileSync(file, JSON.stringify({ packages: { plot: packages } }));
    checkPackages("plot", file);
  };
  const beside = ".dvc-poison/canvas/node_modules";
  for (const place of ["no-such-package", `${beside}/no-such-package`, `${beside}/canvas/node_modules/tar-fs`]) {
    const shown = place.startsWith(".") ? place : `node_modules/${place}`;
    const hint = /`npm run setup`/;
    assert.throws(() => check({ [place]: "1.0.0" }), {
      name: "StageError",
      hint,
      message: new RegExp(`^${shown} is missing; .* says 1\\.0\\.0\\.$`),
    });
    check({ [place]: "1.0.0 or absent" });
  }
  assert.throws(() => check({ vega: "999.0.0" }), /^StageError: node_modules\/vega is 6[\d.]+; .* says 999\.0\.0\.$/);
  assert.throws(
    () => check({ [`${beside}/canvas`]: "999.0.0" }),
    /^StageError: \.dvc-poison\/canvas\/node_modules\/canvas is 3[\d.]+; .* says 999\.0\.0\.$/,
  );
});

test("what is installed is what stages.lock.json says of the stage that draws", () => checkPackages("plot"));
