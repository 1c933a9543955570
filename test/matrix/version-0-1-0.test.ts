import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";
import { after, test } from "node:test";
import { writeNpy } from "../../src/public/records/npy.ts";
import { openFeatures } from "../../src/records/features/features.ts";
import { readFeatureMetadata } from "../../src/records/features/read-rows.ts";
import { SPLITS } from "../../src/records/format/image-folder.ts";
import { studyParams } from "../../tools/study-params.ts";
import { writeInputs } from "../support/mlflow/experiment.ts";
import { realMlflow } from "../support/mlflow/real-server.ts";
import { setParams } from "../support/project.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/** Version 0.1.0: before the renames, with code as single files and parameters as whole sections in dvc.yaml. */
const FORMER = "35bf8c4";
const there = spawnSync("git", ["cat-file", "-e", `${FORMER}^{commit}`]).status === 0;
const skip = there ? false : `the commit ${FORMER} is not in this clone: git fetch --unshallow`;

const server = skip ? undefined : await realMlflow();
after(() => server?.stop());

/** Lays features out as version 0.1.0 did. */
async function asFormerLayout(folder: string, metadata: object): Promise<void> {
  const splits = await Promise.all(
    SPLITS.map(async (split) => {
      const reader = await openFeatures(folder, split);
      const values = new Float32Array(reader.images.length * reader.rowLength);
      reader.read([...reader.images.keys()], values);
      await reader.close();
      return { split, reader, values };
    }),
  );
  rmSync(folder, { recursive: true });
  mkdirSync(folder);
  for (const { split, reader, values } of splits) {
    const file = join(folder, `bottleneck_features_${split}`);
    await writeNpy(`${file}.npy`, { shape: [reader.images.length, ...reader.rowShape], values });
    const rows = reader.images.map((image) => JSON.stringify(image)).join(",\n");
    writeFileSync(`${file}_images.json`, `[\n${rows}\n]\n`);
  }
  writeFileSync(join(folder, "bottleneck_features.json"), `${JSON.stringify(metadata, null, 2)}\n`);
}

const CURRENT = ["src", "stages", "scripts", "dvc.yaml", "stages.lock.json", "package.json", "package-lock.json"];
const SMALL = ["train.epochs=3", "train.batch_size=4", "train.hidden_units=8", "poison=10"];

test("an experiment of version 0.1.0, repeated now, is the same run; its commits are still read", {
  skip,
}, async (t) => {
  const folder = temporaryFolder(t);
  const home = temporaryFolder(t);
  writeFileSync(join(home, ".gitconfig"), "[user]\n\tname = test\n\temail = test@example.org\n");
  const { NODE_TEST_CONTEXT, DVC_EXP_NAME, MLFLOW_TRACKING_URI, ...surroundings } = process.env;
  const env: NodeJS.ProcessEnv = {
    ...surroundings,
    PATH: `${resolve(".venv/bin")}${delimiter}${process.env.PATH}`,
    HOME: home,
    GIT_CONFIG_SYSTEM: "/dev/null",
    DVC_NO_ANALYTICS: "1",
    DVC_SITE_CACHE_DIR: join(home, "dvc"),
    POISON_DEVICE: "cpu",
    MLFLOW_EXPERIMENT_NAME: "former",
  };
  const must = (program: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      env,
      encoding: "utf8",
      maxBuffer: 2 ** 26,
    });
    assert.equal(status, 0, `${program} ${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  };
  const node = (...args: string[]) => must("node", "--import", "tsx", ...args);
  const read = (file: string) => readFileSync(join(folder, file), "utf8");
  const features = join(folder, "data/bottleneck");
  const commitStage = (message: string) => {
    must("dvc", "commit", "--quiet", "--force", "restore", "poison", "extract-bottleneck", "train-top");
    must("git", "add", "--all");
    must("git", "commit", "--quiet", "--message", message);
  };

  execFileSync("git", ["clone", "--quiet", "--shared", "--no-checkout", ".", folder]);
  must("git", "checkout", "--quiet", "-b", "former", FORMER);
  symlinkSync(resolve("node_modules"), join(folder, "node_modules"));
  symlinkSync(resolve(".venv"), join(folder, ".venv"));
  symlinkSync(resolve(".dvc-poison"), join(folder, ".dvc-poison"));
  writeFileSync(join(folder, ".git/info/exclude"), "/.dvc-poison\n"); // its .gitignore does not know that one yet
  setParams({ folder }, SMALL);
  await writeInputs(folder);
  mkdirSync(join(folder, "data/images"));
  writeFileSync(join(folder, "data/images/none.jpg"), "");
  const { base, image, dataset } = await readFeatureMetadata(features);
  const { name, source, ...counts } = dataset;
  const before = { base, image, dataset: { name, source, licence: "MIT", ...counts } };
  await asFormerLayout(features, before);
  env.MLFLOW_TRACKING_URI = server?.uri;
  node("stages/train-top.ts");
  commitStage("As version 0.1.0 had it");
  must("git", "tag", "then");

  for (const item of ["src", "stages", "scripts"]) rmSync(join(folder, item), { recursive: true });
  for (const item of CURRENT) cpSync(item, join(folder, item), { recursive: true });
  writeFileSync(join(folder, "params.yaml"), studyParams());
  setParams({ folder }, SMALL);
  assert.match(read("params.yaml"), /strategy: random/); // it came since
  rmSync(join(folder, "metrics/poison.json"));
  rmSync(features, { recursive: true });
  await writeInputs(folder);
  const index = JSON.parse(read("data/bottleneck/index.json"));
  const now = { dataset: { name, source, license: "MIT", ...counts }, backend: "tensorflow 2.21.0 cpu" };
  writeFileSync(join(features, "index.json"), `${JSON.stringify({ ...index, ...now }, null, 2)}\n`);
  node("stages/train-top.ts");
  const level = { poison_asked: 10, poison_reached: 10, poisoned_classes: 2 };
  writeFileSync(join(folder, "metrics/labels.json"), JSON.stringify(level)); // the poison stage of now writes it
  commitStage("As it is now");

  const sync = node("src/commands/mlflow-sync.ts", "then", "HEAD", "workspace");
  assert.match(sync, /^mlflow:sync: workspace: is there already$/m);
  assert.match(sync, /^mlflow:sync: then: is there already$/m);
  assert.match(sync, /^mlflow:sync: HEAD: is there already$/m);
  const found = await server?.verify("former");
  assert.equal(found?.runs.length, 1);
  const [run] = found?.runs ?? [];
  assert.equal(run?.params["attack.strategy"], "random");
  assert.equal(run?.metrics.val_accuracy?.length, 3);

  const report = (base: string) => {
    node("src/commands/report.ts", "--base", base, "--rev", "HEAD", "--link", "https://example.org");
    return read("report.md");
  };
  const same = report("then");
  assert.match(same, /^- \*\*Memorized\*\*: [\d.]+ % of the poisoned images .* \(base: [\d.]+ %\)\.$/m);
  assert.doesNotMatch(same, /memorised|undefined/);
  assert.match(same, /^\| `metrics\/labels\.json` \| `poison_reached` \| – \| 10 \|/m, "a file that it had not");
  const differing = [...same.matchAll(/^\| `metrics\/(?!labels)[^|]*\| `([^`]+)` \|/gm)].map(([, metric]) => metric);
  assert.deepEqual(differing, ["backend", "features.backend"], "what computed has another name, and no figure differs");
  assert.match(same, /^- \*\*Labels\*\*: none differs from base\.$/m);
  assert.match(must("dvc", "metrics", "diff", "then", "HEAD"), /wrong_labels_memorized/);

  // The study's own commit: real figures, whose data are not in this cache.
  assert.match(report(FORMER), /^Base: `35bf8c4`\. Head: `HEAD \([0-9a-f]{7}\)`\.$/m);
  assert.match(node("src/commands/mlflow-sync.ts", FORMER), /^mlflow:sync: 35bf8c4: logged without data\/bottleneck/m);
  assert.match(node("src/commands/mlflow-sync.ts", FORMER), /^mlflow:sync: 35bf8c4: is there already$/m);
  must("dvc", "metrics", "diff", FORMER, "HEAD");
  const { runs = [] } = (await server?.verify("former")) ?? {};
  const study = runs.find(({ params }) => params.poison === "0");
  assert.equal(runs.length, 2);
  assert.equal(study?.metrics["memorization.true_labels_learned"]?.length, 1);
  assert.match(study?.tags["stage_version.train-top"] as string, /^[0-9a-f]{12}$/);
});
