import assert from "node:assert/strict";
import { existsSync, lstatSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commit, createHost, fourClasses, type Host } from "../support/host.ts";
import { needs } from "../support/needs.ts";
import { packageManager } from "../support/package-manager.ts";
import { setParams, stagesRun } from "../support/project.ts";

const MISSING = "npm does not have it, or cannot be reached";

/** What a repository of these managers leaves to them. */
const IGNORED = { ".gitignore": "node_modules\n.yarn\n" };

/**
 * The user's way from the installed package to poisoned runs, in the workspace and in a copy that DVC makes.
 * @param dvcPoison how the manager calls a program of an installed package.
 */
async function goesTheWay(host: Host, dvcPoison: string[]): Promise<void> {
  await fourClasses(join(host.folder, "images"), { train: 8 }); // a quarter of them is a whole number
  const [command, ...words] = dvcPoison as [string, ...string[]];
  host.must(command, ...words, "dvc-poison", "init", "--images", "images", "--no-setup");
  setParams(host, ["image.size=32", "train.epochs=2", "train.batch_size=4"]);
  commit(host, "Add dvc-poison");
  const first = host.must("dvc", "exp", "run", "-S", "poison=25");
  assert.deepEqual(stagesRun(first).sort(), ["extract-bottleneck", "plot", "poison", "restore", "train-top"]);
  assert.equal(JSON.parse(host.read("metrics/train.json")).poison, 25);
  assert.equal(swapped(host.read("data/labels.csv")), 8);
  commit(host, "A quarter");

  const temp = host.must("dvc", "exp", "run", "--temp", "-S", "poison=50", "--name", "half");
  assert.deepEqual(stagesRun(temp), ["poison", "train-top", "plot"]);
  assert.match(
    host.must("dvc", "metrics", "diff", "HEAD", "half"),
    /metrics\/labels\.json +poison_reached +25 +50 +25/,
  );
}

/** How many images have another label than the true one. */
const swapped = (labels: string): number =>
  labels
    .trim()
    .split("\n")
    .slice(1)
    .map((row) => row.split(","))
    .filter(([, , label, truth]) => label !== truth).length;

for (const [version, entry] of [
  ["pnpm@10", "bin/pnpm.cjs"],
  ["pnpm@latest", "bin/pnpm.mjs"],
] as const) {
  const pnpm = await packageManager(version, entry);
  test(`${version}: the stages run, from node_modules made of links`, needs(pnpm, MISSING), async (t) => {
    const call = [process.execPath, pnpm as string];
    const host = await createHost(t, { files: IGNORED, install: (file) => [...call, "add", file] });
    assert.ok(lstatSync(join(host.folder, "node_modules/dvc-poison")).isSymbolicLink());
    assert.equal(existsSync(join(host.folder, "node_modules/sharp")), false);
    await goesTheWay(host, [...call, "exec"]);
  });
}

const yarn = await packageManager("@yarnpkg/cli-dist@4", "bin/yarn.js");
const yarnCall = [process.execPath, yarn as string];
const yarnAdd = (file: string) => [...yarnCall, "add", `dvc-poison@file:${file}`];

test("Yarn 4 with node_modules: the stages run", needs(yarn, MISSING), async (t) => {
  const files = { ...IGNORED, ".yarnrc.yml": "enableTelemetry: false\nnodeLinker: node-modules\n" };
  await goesTheWay(await createHost(t, { files, install: yarnAdd }), yarnCall);
});

test(
  "Yarn's Plug'n'Play, which is not supported: the launcher says so at once, and asks nobody",
  needs(yarn, MISSING),
  async (t) => {
    const host = await createHost(t, {
      files: { ...IGNORED, ".yarnrc.yml": "enableTelemetry: false\n" },
      install: yarnAdd,
    });
    assert.equal(existsSync(join(host.folder, "node_modules")), false);
    host.must(yarnCall[0] as string, yarn as string, "dvc-poison", "init", "--no-setup");
    // A registry that nobody answers for: whoever asked it would fail with its address.
    for (const name of ["npm_config_registry", "YARN_NPM_REGISTRY_SERVER"]) host.env[name] = "http://127.0.0.1:9";
    const begin = Date.now();
    const { code, output } = host.run("node", "dvc-poison.mjs", "restore", "--out", "data/images");
    assert.equal(code, 1);
    assert.match(
      output,
      /^error: the package dvc-poison is not installed here\.\nhint: .*nodeLinker: node-modules.*\n$/,
    );
    assert.ok(Date.now() - begin < 5000);
    commit(host, "Add dvc-poison");
    const run = host.run("dvc", "exp", "run");
    assert.notEqual(run.code, 0);
    assert.match(run.output, /hint: .*nodeLinker: node-modules/);
    assert.doesNotMatch(run.output, /127\.0\.0\.1/);
  },
);

test("npm's workspaces: the stages run in one, with the package hoisted out of it", async (t) => {
  const files = {
    ...IGNORED,
    "package.json": JSON.stringify({ name: "all", private: true, workspaces: ["packages/*"] }),
    "packages/vision/package.json": JSON.stringify({ name: "vision", version: "1.0.0", private: true }),
  };
  const host = await createHost(t, { files, within: "packages/vision" });
  assert.equal(existsSync(join(host.folder, "node_modules/dvc-poison")), false);
  assert.ok(existsSync(join(host.folder, "../../node_modules/dvc-poison")));
  await goesTheWay(host, ["npx"]);
});
