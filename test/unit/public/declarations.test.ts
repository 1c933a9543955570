import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { moduleNames } from "../../support/examples.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Packages whose types a user of the package has. */
const ALLOWED = ["zod"];

test("the declarations of the public modules name types of few packages, and no file that is not emitted", async (t) => {
  const folder = temporaryFolder(t);
  const config = {
    extends: resolve("tsconfig.json"),
    compilerOptions: {
      ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, rewriteRelativeImportExtensions: true },
      ...{ rootDir: resolve("src"), outDir: join(folder, "types"), typeRoots: [resolve("node_modules", "@types")] },
    },
    include: [resolve("src")],
  };
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(config));
  const run = promisify(execFile)("node_modules/.bin/tsc", ["-p", folder]);
  await run.catch(({ stdout }) => assert.fail(stdout));
  const seen = new Set<string>();
  const packages = new Map<string, string>();
  const visit = (file: string) => {
    if (seen.has(file)) return;
    seen.add(file);
    assert.ok(existsSync(file), `${file} is named and not there`);
    const code = readFileSync(file, "utf8").replace(/\/\*[\s\S]*?\*\//g, ""); // examples import too
    for (const [, name = ""] of code.matchAll(/(?:\bfrom|\bimport\()\s*"([^"]+)"/g)) {
      if (name.startsWith(".")) visit(join(dirname(file), name.replace(/\.[mc]?[jt]s$/, ".d.ts")));
      else if (!name.startsWith("node:")) packages.set(name, file.slice(folder.length));
    }
  };
  for (const name of moduleNames()) visit(join(folder, "types", "public", `${name}.d.ts`));
  assert.ok(seen.size > 20, `${seen.size} declarations`);
  assert.deepEqual(
    [...packages].filter(([name]) => !ALLOWED.includes(name)),
    [],
  );
});
