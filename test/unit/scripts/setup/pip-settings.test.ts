import assert from "node:assert/strict";
import { test } from "node:test";
import { parsePipConfig } from "../../../../scripts/setup/pip-settings.mjs";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

test("uv learns pip's settings", (t) => {
  const wheels = temporaryFolder(t);
  const list = `global.index-url='https://one.example/simple'
global.timeout='60'
install.find-links='${wheels} /nowhere/wheels'
:env:.index-url='https://two.example/simple'
:env:.extra-index-url='https://three.example/simple\\nhttps://four.example/simple'`;
  assert.deepEqual(parsePipConfig(list), {
    UV_DEFAULT_INDEX: "https://two.example/simple",
    UV_FIND_LINKS: wheels,
    UV_INDEX: "https://three.example/simple https://four.example/simple",
    UV_INDEX_STRATEGY: "unsafe-best-match",
  });
});
