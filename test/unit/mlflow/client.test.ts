import assert from "node:assert/strict";
import { test } from "node:test";
import { importClosure } from "../../../tools/import-closure.ts";

test("the client, its outbox and the replay know nothing of this project but its errors", () => {
  for (const file of ["delivery", "recorder", "journal", "sync"]) {
    for (const other of importClosure(`src/mlflow/${file}.ts`))
      assert.match(other, /^src\/(mlflow\/[\w-]+|errors)\.ts$/, file);
  }
});
