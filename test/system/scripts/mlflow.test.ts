import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer } from "node:net";
import { test } from "node:test";

test("npm run mlflow says when the port is taken", async (t) => {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  t.after(() => server.close());
  const { port } = server.address() as { port: number };
  const { status, stderr } = spawnSync(process.execPath, ["scripts/mlflow.mjs", "--port", String(port)], {
    encoding: "utf8",
  });
  assert.equal(status, 1);
  assert.match(stderr, new RegExp(`port ${port} is taken[\\s\\S]*--port ${port + 1}`));
});
