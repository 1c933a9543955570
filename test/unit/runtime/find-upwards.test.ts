import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findUpwards } from "../../../src/runtime/find-upwards.mjs";
import { temporaryFolder } from "../../support/temporary-folder.ts";

test("a copy of the project inside of it finds what the project has, and what it has itself first", (t) => {
  const project = temporaryFolder(t);
  const copy = join(project, ".dvc", "tmp", "exps", "copy");
  const from = join(copy, "src", "tensorflow");
  mkdirSync(from, { recursive: true });
  assert.equal(findUpwards("set-up/here", from), undefined);
  mkdirSync(join(project, "set-up", "here"), { recursive: true });
  assert.equal(findUpwards("set-up/here", from), join(project, "set-up/here"));
  mkdirSync(join(copy, "set-up", "here"), { recursive: true });
  assert.equal(findUpwards("set-up/here", from), join(copy, "set-up/here"));
  assert.equal(findUpwards("no such place", "/"), undefined);
});
