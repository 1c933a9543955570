import assert from "node:assert/strict";
import { test } from "node:test";
import { node, setupUrl } from "../../../support/node.ts";

test("DVC is lent an identity where git has none, and only there", async () => {
  const script = `console.log(JSON.stringify(await (await import(${setupUrl("git.mjs")})).lentIdentity() ?? "own"))`;
  const { PATH } = process.env;
  const nobody = { PATH, GIT_DIR: "/nonexistent", GIT_CONFIG_GLOBAL: "/dev/null", GIT_CONFIG_NOSYSTEM: "1" };
  const ask = async (env: NodeJS.ProcessEnv) =>
    JSON.parse((await node(["--input-type=module", "-e", script], { ...nobody, ...env })).stdout);
  assert.deepEqual(await ask({}), {
    GIT_AUTHOR_NAME: "dvc-poison",
    GIT_AUTHOR_EMAIL: "dvc-poison@localhost",
    GIT_COMMITTER_NAME: "dvc-poison",
    GIT_COMMITTER_EMAIL: "dvc-poison@localhost",
  });
  const author = { GIT_AUTHOR_NAME: "Ada", GIT_AUTHOR_EMAIL: "ada@example.org" };
  assert.notEqual(await ask(author), "own");
  assert.equal(await ask({ ...author, GIT_COMMITTER_NAME: "Ada", GIT_COMMITTER_EMAIL: "ada@example.org" }), "own");
  const config = ["user.name", "user.email"].map((key, i) => [`GIT_CONFIG_KEY_${i}`, key]);
  const values = { GIT_CONFIG_COUNT: "2", GIT_CONFIG_VALUE_0: "Ada", GIT_CONFIG_VALUE_1: "ada@example.org" };
  assert.equal(await ask({ ...Object.fromEntries(config), ...values }), "own");
});
