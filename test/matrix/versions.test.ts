import assert from "node:assert/strict";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { contents } from "../support/image-fixtures.ts";
import { needs } from "../support/needs.ts";
import { otherNode } from "../support/other-node.ts";
import { createProject, type Project, stagesRun } from "../support/project.ts";
import { pythonEnvironment } from "../support/python-environment.ts";

/** The project's own lock: newest DVC, MLflow and all that they need, as set-up installs them. */
const LOCKED = ["--require-hashes", "--requirements", "scripts/python/requirements.txt"];

/** pathspec 1 has lost what DVC before 3.66 imports. */
const former = (version: string) => [`dvc==${version}.*`, "pathspec<1"];

/** DVC, the Python that it runs on, and the Node that the stages run on: every version of each, not every combination. */
const VERSIONS = [
  { dvc: "3.50", packages: former("3.50"), python: "3.10", node: "latest" },
  { dvc: "3.55", packages: former("3.55"), python: "3.11", node: "24" },
  { dvc: "3.60", packages: former("3.60"), python: "3.12", node: "22" },
  { dvc: "3.63", packages: former("3.63"), python: "3.13", node: "20.19" },
  { dvc: "newest", packages: ["dvc"], python: "3.13", node: "latest" },
  { dvc: "locked", packages: LOCKED, python: "3.10", node: "20.19" },
  { dvc: "locked", packages: LOCKED, python: "3.12", node: "24" },
  { dvc: "locked", packages: LOCKED, python: "3.13", node: "22" },
];

const NODES = [...new Set(VERSIONS.map(({ node }) => node))];

const ALL = ["extract-bottleneck", "plot", "poison", "restore", "train-top"];

/**
 * Runs the pipeline without poison in the workspace and with it in DVC's copy.
 * @returns the content of every output and of dvc.lock, clean and poisoned.
 */
async function outputs({ folder, must, read }: Project): Promise<Record<string, string>[]> {
  const all = async () => {
    assert.match(must("dvc", "status"), /up to date/);
    const parts = await Promise.all(
      ["data", "metrics", "plots"].map(async (part) =>
        Object.entries(await contents(join(folder, part))).map(([file, bytes]) => [`${part}/${file}`, bytes]),
      ),
    );
    return Object.fromEntries([["dvc.lock", read("dvc.lock")], ...parts.flat()]);
  };
  assert.deepEqual(stagesRun(must("dvc", "exp", "run", "--name", "clean")).sort(), ALL);
  const clean = await all();
  const half = must("dvc", "exp", "run", "--temp", "--name", "half", "-S", "poison=50");
  assert.deepEqual(stagesRun(half), ["poison", "train-top", "plot"]);
  assert.match(must("dvc", "metrics", "diff", "clean", "half"), /metrics\/train\.json +poisoned_images +0 +12 +12/);
  must("dvc", "exp", "apply", "half");
  return [clean, await all()];
}

let own: Promise<Record<string, string>[]> | undefined;

const nodes = new Map(await Promise.all(NODES.map(async (version) => [version, await otherNode(version)] as const)));
for (const { dvc, packages, python, node } of VERSIONS) {
  const bin = await pythonEnvironment(python, packages);
  const program = nodes.get(node);
  test(
    `DVC ${dvc}, Python ${python}, Node ${node}: every output and dvc.lock are the bytes of this environment`,
    needs(bin && program, "no such DVC, Python or Node here, and uv or npm cannot fetch it"),
    async (t) => {
      const project = createProject(t, { programs: [bin as string, dirname(program as string)] });
      const version = (command: string) => project.must(command, "--version");
      if (/^\d/.test(dvc)) assert.ok(version("dvc").startsWith(`${dvc}.`));
      assert.ok(version("python").startsWith(`Python ${python}.`));
      if (node !== "latest") assert.ok(version("node").startsWith(`v${node}.`));
      const theirs = await outputs(project);
      own ??= outputs(createProject(t));
      const [clean, half] = await own;
      assert.ok(Object.keys(clean as object).length > 50, Object.keys(clean as object).join());
      assert.notDeepEqual(half, clean);
      assert.deepEqual(theirs, [clean, half]);
    },
  );
}
