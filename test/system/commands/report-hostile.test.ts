import assert from "node:assert/strict";
import { existsSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { commitAll, type ReportedProject, reportedProject } from "../../support/reported-project.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const SECRET = "a secret of the reviewer's";

/** Commits a change on a branch of a stranger's and goes back to main. */
function strange(project: ReportedProject, change: (file: (path: string) => string) => void): void {
  project.must("git", "checkout", "--quiet", "-B", "stranger");
  change((path) => join(project.folder, path));
  commitAll(project, "Strange");
  project.must("git", "checkout", "--quiet", "main");
}

test("a stranger's branch shows nothing of the reviewer's files, whatever its links and paths say", (t) => {
  const outside = temporaryFolder(t);
  writeFileSync(join(outside, "secret.json"), JSON.stringify({ secret: SECRET }));
  const changes: Record<string, (file: (path: string) => string) => void> = {
    "metrics that are a link": (file) => {
      rmSync(file("metrics/train.json"));
      symlinkSync(join(outside, "secret.json"), file("metrics/train.json"));
    },
    "a folder that is a link": (file) => {
      rmSync(file("plots"), { recursive: true });
      symlinkSync(outside, file("plots"));
    },
    "a picture that is a link": (file) => {
      rmSync(file("plots/poisoned-images.jpg"), { force: true });
      symlinkSync(join(outside, "secret.json"), file("plots/poisoned-images.jpg"));
    },
  };
  for (const [what, change] of Object.entries(changes)) {
    const project = reportedProject(t);
    strange(project, change);
    const { stdout, stderr } = project.report("--base", "main", "--rev", "stranger");
    const written = existsSync(join(project.folder, "report.md")) ? project.read("report.md") : "";
    const pictures = existsSync(join(project.folder, "report"))
      ? readdirSync(join(project.folder, "report")).map((name) => project.read(`report/${name}`))
      : [];
    for (const text of [stdout, stderr, written, ...pictures]) assert.ok(!text.includes(SECRET), `${what}: ${text}`);
    assert.doesNotMatch(stderr, /\n {4}at /, `${what}: no stack`);
  }
});

test("paths that lead outside, conflict markers and cycles in a stranger's files are refused by name", (t) => {
  const outside = temporaryFolder(t);
  writeFileSync(join(outside, "secret.json"), JSON.stringify({ secret: SECRET }));
  const refusals: [RegExp, (project: ReportedProject) => (file: (path: string) => string) => void][] = [
    [
      /dvc\.lock/,
      ({ read }) =>
        (file) =>
          writeFileSync(file("dvc.lock"), `<<<<<<< HEAD\n${read("dvc.lock")}=======\n>>>>>>> theirs\n`),
    ],
    [
      /dvc\.yaml/,
      ({ read }) =>
        (file) =>
          writeFileSync(file("dvc.yaml"), `${read("dvc.yaml")}\nloop: &a\n  again: *a\n`),
    ],
    [
      /dvc\.lock/,
      ({ read }) =>
        (file) =>
          writeFileSync(
            file("dvc.lock"),
            read("dvc.lock").replace("path: metrics/train.json", "path: ../../../etc/passwd"),
          ),
    ],
  ];
  for (const [place, change] of refusals) {
    const project = reportedProject(t);
    strange(project, change(project));
    const { code, stderr } = project.report("--base", "main", "--rev", "stranger");
    assert.equal(code, 1, `${place}: ${stderr}`);
    assert.match(stderr, place);
    assert.match(stderr, /stranger/);
    assert.doesNotMatch(stderr, /\n {4}at |root:/, "no stack, no foreign file");
  }
});
