import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { CLANG, compileModule, haveClang, installClang, MODULES } from "../../tools/convolution-wasm.ts";
import { needs } from "../support/needs.ts";

if (!(await haveClang())) await installClang(console.log).catch(console.log);
const withClang = needs(await haveClang(), `no ${CLANG.command} ${CLANG.version} (Debian: clang-16 and lld-16)`);

for (const name of Object.keys(MODULES))
  test(`${name} is what ${CLANG.command} ${CLANG.version} makes of the sources`, withClang, async () => {
    const committed = readFileSync(join("src/networks/convolution", name));
    assert.ok(committed.equals(await compileModule(name)), "compile it: node --import tsx tools/convolution-wasm.ts");
  });
