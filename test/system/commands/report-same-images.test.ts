import assert from "node:assert/strict";
import { cpSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import sharp from "sharp";
import { createProject, type Project, setParams } from "../../support/project.ts";
import {
  commitAll,
  emptyCache,
  poisonTo,
  type ReportedProject,
  reportedProject,
} from "../../support/reported-project.ts";

/** Makes the images of a split others, which are restored at the next run. */
function changeImages(project: ReportedProject, split: "train" | "validation"): void {
  const stage = project.read("stages/images.mjs").replace('.jpg`, "")', `.jpg\`, split === "${split}" ? "other" : "")`);
  writeFileSync(join(project.folder, "stages/images.mjs"), stage);
}

const report = (project: ReportedProject): string => {
  const { code, stderr } = project.report();
  assert.equal(code, 0, stderr);
  assert.match(stderr, /^report: warning: the images of the two are not the same/);
  return project.read("report.md");
};

test("other validation images stand at the very top, and nothing is called an effect", (t) => {
  const project = reportedProject(t);
  changeImages(project, "validation");
  poisonTo(project, 50);
  const text = report(project);
  assert.match(text, /^Base: .+\n\n> \[!IMPORTANT\]\n> \*\*Base and head were validated on different images\.\*\*/m);
  assert.equal(
    text.match(/^> - (Base|Head): `pets \| few`, 20 training and 40 validation images, digest `/gm)?.length,
    2,
  );
  assert.match(text, /\*\*Validation accuracy\*\* is 0\.7 in head and 0\.9 in base, each on images of its own/);
  assert.match(text, /^\| file \| metric \| base \| head \|$/m);
  assert.doesNotMatch(text, /McNemar|chance|fell by/);

  // What DVC's cache does not list is not guessed.
  emptyCache(project);
  assert.match(report(project), /whether those for validation are the same cannot be told here/);
});

test("other training images alone leave the accuracies comparable, and that is said", (t) => {
  const project = reportedProject(t);
  changeImages(project, "train");
  poisonTo(project, 50);
  const text = report(project);
  assert.match(text, /\*\*Base and head were trained on different images\*\*, and validated on the same\./);
  assert.match(text, /\*\*Validation accuracy\*\* fell by 20\.0 points .+ exact McNemar test/);
});

/** Cats and dogs of one's own: the drawn ones, each in negative. */
async function negatives({ folder }: Project): Promise<void> {
  cpSync(join(folder, "data/images"), join(folder, "negatives"), { recursive: true, dereference: true });
  rmSync(join(folder, "negatives/dataset.json"));
  for (const file of readdirSync(join(folder, "negatives"), { recursive: true, encoding: "utf8" })) {
    const path = join(folder, "negatives", file);
    if (!file.endsWith(".jpg")) continue;
    const image = await sharp(path).negate().toBuffer();
    rmSync(path); // DVC's cache may be behind it
    writeFileSync(path, image);
  }
}

test("with --same-images base is run again on head's images, by its own code and parameters, whether DVC has them or not", async (t) => {
  const project = createProject(t);
  project.must("dvc", "repro", "--quiet");
  commitAll(project, "Drawn images");
  await negatives(project);
  writeFileSync(join(project.folder, ".gitignore"), `${project.read(".gitignore")}/negatives\n`);
  setParams(project, ["source=path:negatives", "poison=50"]);
  project.must("dvc", "repro", "--quiet");
  const committed = project.read("metrics/train.json");
  const lock = project.read("dvc.lock");
  const write = (...args: string[]) => {
    const output = project.must("node", "dvc-poison.mjs", "report", "--base", "main", "--same-images", ...args);
    return { output, text: project.read("report.md") };
  };

  const { output, text } = write();
  assert.match(output, /Verifying|frozen/);
  assert.match(output, /> node dvc-poison\.mjs train-top/);
  assert.doesNotMatch(output, /> node dvc-poison\.mjs (restore|extract-bottleneck)/, "head's features are reused");
  assert.match(text, /^Base: `main \([0-9a-f]{7}\)`\. Head: the workspace\.\n\n> \[!NOTE\]\n> \*\*Base was run again/m);
  assert.match(
    text,
    /^> - Base as committed: .*generated.*, 24 training and 8 validation images, `data\.source` `generated`/m,
  );
  assert.match(text, /^> - Head: `negatives.*`data\.source` `path:negatives`/m);
  assert.match(text, /Of the same 8 validation images, /);
  assert.match(text, /\*\*Poison\*\* rose from 0 to 50 %: 12 of 24 training labels swapped, none in base\./);
  assert.match(text, /\*\*Labels\*\*: 12 of 32 differ from base/);
  assert.match(text, /\*\*Stages\*\* that differ: `poison`, `train-top`, `plot`\./);
  assert.doesNotMatch(text, /IMPORTANT|WARNING|`data\.source` \||parameters changed together/);
  assert.deepEqual(readdirSync(join(project.folder, ".dvc/tmp/report")), [], "no copy is left");
  assert.deepEqual(
    [project.read("metrics/train.json"), project.read("dvc.lock")],
    [committed, lock],
    "head is untouched",
  );

  // The numbers are those of `poison: 0` on head's images.
  project.must("git", "stash", "--quiet");
  setParams(project, ["source=path:negatives"]);
  project.must("dvc", "repro", "--quiet");
  const { val_loss } = JSON.parse(project.read("metrics/train.json"));
  project.must("git", "checkout", "--quiet", "--", ".");
  project.must("git", "stash", "pop", "--quiet");
  assert.ok(text.includes(`\`val_loss\` | ${Number(val_loss.toPrecision(4))} |`), `${val_loss}\n${text}`);

  // For a comment, what no commit holds has no address; without DVC's cache the images are restored anew.
  rmSync(join(project.folder, ".dvc/cache"), { recursive: true });
  const again = write("--link", "https://example.org/raw");
  assert.match(again.output, /^restore: negatives/m);
  assert.match(again.text, /^No picture is committed of the run on head's images\.$/m);
  assert.ok(again.text.includes(`\`val_loss\` | ${Number(val_loss.toPrecision(4))} |`));

  // Images that cannot be had any more: the report is written, and says why there is no base line on them.
  rmSync(join(project.folder, ".dvc/cache"), { recursive: true });
  rmSync(join(project.folder, "negatives"), { recursive: true });
  const { text: refused } = write();
  assert.match(refused, /^> \[!IMPORTANT\]/m);
  assert.match(
    refused,
    /Base could not be run again on head's images: `head's images could not be restored, see its output\.`/,
  );
  assert.match(refused, /is .+ in head and .+ in base, each on images of its own: not compared, not tested/);
});
