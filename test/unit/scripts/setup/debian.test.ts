import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { test } from "node:test";
import { unless } from "../../../support/needs.ts";
import { node, setupUrl } from "../../../support/node.ts";
import { temporaryFolder } from "../../../support/temporary-folder.ts";

const others = unless(process.getuid?.() !== 0, "only root installs packages");

test("Debian packages are installed by one apt-get at a time, and a failure is said", others, async (t) => {
  const folder = temporaryFolder(t);
  const apt = join(folder, "apt-get");
  const alone = `mkdir "${folder}/lock" || exit 100; sleep 0.2; rmdir "${folder}/lock"`;
  writeFileSync(apt, `#!/bin/sh\n[ "$1" = --version ] && exit 0\n${alone}\n case "$*" in *missing*) exit 100;; esac\n`);
  chmodSync(apt, 0o755);
  const script = `
    const { aptInstall } = await import(${setupUrl("debian.mjs")});
    const said = [];
    const install = (name) => aptInstall([name], (text) => said.push(text));
    console.log(JSON.stringify({ had: await Promise.all(["one", "missing", "two"].map(install)), said }));`;
  const PATH = [folder, process.env.PATH].join(delimiter);
  const { stdout, stderr } = await node(["--input-type=module", "-e", script], { ...process.env, PATH });
  assert.ok(stdout, stderr);
  const { had, said } = JSON.parse(stdout);
  assert.deepEqual(had, [true, false, true]);
  assert.match(said.join("\n"), /install .*missing failed/);
});
