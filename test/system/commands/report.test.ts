import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { setParams } from "../../support/project.ts";
import { commitAll, emptyCache, poisonTo, reportedProject } from "../../support/reported-project.ts";

test("a poisoned workspace against main: what changed, by how much, whether it can be chance, why, and whether to believe it", async (t) => {
  const project = reportedProject(t);
  poisonTo(project, 50);
  const { code, stderr } = project.report();
  assert.deepEqual([code, stderr], [0, ""]);
  const text = project.read("report.md");
  for (const line of [
    "# Poison 0 % → 50 %",
    "- **Poison** rose from 0 to 50 %: 10 of 20 training labels swapped, none in base.",
    "- **Validation accuracy** fell by 20.0 points (0.9 → 0.7). Of the same 40 validation images, 10 that base gets right are wrong now, and 2 the other way round: exact McNemar test p = 0.039, 95 % interval ",
    "- **Validation loss** rose from 0.5 to 0.75.",
    "- **Labels**: 10 of 60 differ from base (5 `cats` → `dogs`, 5 `dogs` → `cats`).",
    "- **Stages** that differ: `poison`, `train-top`, `plot`.",
    "| `metrics/train.json` | `val_accuracy` | 0.9 | 0.7 | −0.2 |",
    "| `metrics/train.json` | `poisoned_images` | 0 | 10 | +10 |",
    "| `poison` | 0 | 50 |",
    "| `cats` | `cats` | `dogs` | 5 |",
    "| `poison` | parameter `poison`: 0 → 50 | `data/labels.csv` |",
    "| `train-top` | data `data/labels.csv`, made by `poison` | `metrics/train.json`, `plots/history.json`, ",
    "the workspace holds no `plots/wrong-predictions.jpg`.",
  ])
    assert.ok(
      text.split("\n").some((found) => found.startsWith(line)),
      `no line begins with: ${line}\n\n${text}`,
    );
  assert.doesNotMatch(text, /WARNING|undefined|NaN|not compared|`loss`/);
  assert.equal(text.match(/^\| `train\/(cats|dogs)\//gm)?.length, 10);

  const pictures = [...text.matchAll(/!\[.+?\]\((.+?)\)/g)].map((match) => match[1] as string);
  assert.deepEqual(pictures, ["report/training-base.png", "report/training-head.png", "report/poisoned-images.jpg"]);
  assert.deepEqual(readdirSync(join(project.folder, "report")).length, 3);
  assert.equal(project.read("report/poisoned-images.jpg"), "a picture of 10");
  const [base, head] = ["base", "head"].map((side) =>
    readFileSync(join(project.folder, `report/training-${side}.png`)),
  );
  assert.equal((await sharp(base).metadata()).width, 3000);
  assert.ok(!base?.equals(head as Buffer));

  assert.equal(project.report("--out", "again/pr.md").code, 0);
  assert.equal(project.read("again/pr.md").replaceAll("](pr/", "](report/"), text);
  assert.ok(readFileSync(join(project.folder, "again/pr/training-head.png")).equals(head as Buffer));

  // Results that are not those of parameters and code are told, and nothing is linked that is not committed.
  setParams(project, ["seed=7"]);
  writeFileSync(join(project.folder, "stages/results.mjs"), `${project.read("stages/results.mjs")}\n`);
  assert.equal(project.report("--link", "https://example.org/raw").code, 0);
  const stale = project.read("report.md");
  assert.match(
    stale,
    /^> \[!WARNING\]\n> The results of the workspace are not those of its parameters, code and files\./m,
  );
  assert.match(stale, /^> - `poison`: `seed` is 7, it ran with 1$/m);
  assert.match(stale, /^> - `train-top`: its code has changed since \(`stages\/results\.mjs`\)$/m);
  assert.match(stale, /\*\*2 parameters changed together\*\* \(`poison`, `seed`\)/);
  assert.match(stale, /^`plots\/poisoned-images\.jpg` is not committed as it is\.$/m);
});

test("between commits and experiments; labels are told without DVC's cache where level and seed make them again", (t) => {
  const project = reportedProject(t);
  project.must("dvc", "exp", "run", "--quiet", "--name", "half", "--set-param", "poison=50");
  project.must("git", "checkout", "--quiet", "--force", "main");
  const twice = () => {
    assert.equal(project.report("--base", "half", "--rev", "main", "--link", "https://example.org/raw").code, 0);
    return project.read("report.md");
  };
  const text = twice();
  assert.match(text, /^# Poison 50 % → 0 %$/m);
  assert.match(text, /^Base: `half \([0-9a-f]{7}\)`\. Head: `main \([0-9a-f]{7}\)`\.$/m);
  assert.match(text, /\*\*Labels\*\*: 10 of 60 differ from base \(5 .+, 5 .+\)/);
  assert.match(text, /!\[.+\]\(https:\/\/example\.org\/raw\/[0-9a-f]{40}\/plots\/poisoned-images\.jpg\)/);
  assert.match(text, /`main \(.+\)` holds no `plots\/training\.png`/);
  assert.ok(!existsSync(join(project.folder, "report")));
  emptyCache(project);
  assert.equal(twice(), text);
});

test("errors: unknown revision, a revision without results, a workspace without results, no repository, a file of another kind", (t) => {
  const project = reportedProject(t);
  const start = project.must("git", "rev-list", "--max-parents=0", "HEAD").trim();
  const cases: [string[], RegExp][] = [
    [["--base", "nowhere"], /^report: --base nowhere: neither a git revision nor a DVC experiment\./],
    [["--rev"], /Not enough arguments following: rev/],
    [["--base", start], /^report: [0-9a-f]{7}: holds no dvc\.lock: there are no results to compare\./],
    [["--out", "report.pdf"], /^report: --out report\.pdf: must end in \.md\./],
  ];
  for (const [args, message] of cases) {
    const { code, stderr } = project.report(...args);
    assert.match(stderr, message);
    assert.doesNotMatch(stderr, /^ +at /m);
    assert.equal(code, 1);
  }
  rmSync(join(project.folder, "metrics"), { recursive: true });
  assert.match(project.report().stderr, /^report: the workspace: holds no metrics\/train\.json/);
  rmSync(join(project.folder, ".git"), { recursive: true });
  assert.match(project.report().stderr, /^report: There is no git repository with a commit in this folder/);
});

test("labels that level and seed do not make come from DVC's cache; where that lacks them, the report says so", (t) => {
  const project = reportedProject(t);
  const dvcYaml = project.read("dvc.yaml");
  const labels = project.read("data/labels.csv").replace("cat.1.jpg,train,cats", "cat.1.jpg,train,dogs");
  writeFileSync(join(project.folder, "own.csv"), labels);
  writeFileSync(
    join(project.folder, "dvc.yaml"),
    dvcYaml.replace(
      "node --import tsx stages/poison.ts --images data/images --metrics data/labels.json --out",
      "cp own.csv",
    ),
  );
  project.must("dvc", "repro", "--quiet");
  commitAll(project, "Label by hand");
  project.must("git", "tag", "by-hand");
  writeFileSync(join(project.folder, "dvc.yaml"), dvcYaml);
  project.must("dvc", "repro", "--quiet");
  assert.equal(project.report("--base", "by-hand", "--link", "https://example.org").code, 0);
  const text = project.read("report.md");
  assert.match(text, /\*\*Labels\*\*: 1 of 60 differ from base \(1 `dogs` → `cats`\)/);
  assert.match(text, /^\| `poison` \| its command \| `data\/labels\.csv` \|$/m);
  emptyCache(project);
  assert.equal(project.report("--base", "by-hand", "--link", "https://example.org").code, 0);
  assert.match(
    project.read("report.md"),
    /\*\*Labels\*\*: one of the two tables is missing, so they are not compared\./,
  );
});
