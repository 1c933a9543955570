import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { CLANG, compileModule, haveClang, installClang, MODULES } from "../../tools/wasm.ts";
import { needs } from "../support/needs.ts";

if (!(await haveClang())) await installClang(console.log).catch(console.log);
const withClang = needs(await haveClang(), `no ${CLANG.command} ${CLANG.version} (Debian: clang-16 and lld-16)`);

for (const [file, module] of Object.entries(MODULES))
  test(`${file} is what ${CLANG.command} ${CLANG.version} makes of its source`, withClang, async () => {
    assert.ok(readFileSync(file).equals(await compileModule(module)), "compile it: node --import tsx tools/wasm.ts");
  });
