import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { after, test } from "node:test";
import { parse, stringify } from "yaml";
import { describeFolder } from "../../../src/dvc/folder-digest.ts";
import { fileMd5, md5 } from "../../../src/dvc/md5.ts";
import { createExperiment } from "../../support/mlflow/experiment.ts";
import { realMlflow } from "../../support/mlflow/real-server.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const server = await realMlflow();
after(() => server.stop());

const SECRET = "the user's own words";

interface Item {
  path: string;
  md5?: string;
}
interface LockFile {
  schema: string;
  stages: Record<string, { cmd: string; deps: Item[]; params?: unknown; outs: Item[] }>;
}

test("commits of strangers: each hostile one is named and passed over, nothing of the user's is read or written", async (t) => {
  const experiment = await createExperiment(t);
  const { folder, read } = experiment;
  const home = temporaryFolder(t);
  writeFileSync(join(home, "secret.txt"), SECRET);
  writeFileSync(join(home, ".gitconfig"), "[user]\n\tname = test\n\temail = test@example.org\n");
  const settings = {
    HOME: home,
    GIT_CONFIG_SYSTEM: "/dev/null",
    DVC_NO_ANALYTICS: "1",
    DVC_SITE_CACHE_DIR: join(folder, "../site"),
  };
  const must = (program: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, {
      cwd: folder,
      env: { ...process.env, ...settings },
      encoding: "utf8",
    });
    assert.equal(status, 0, `${program} ${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  };
  assert.equal((await experiment.trainTop({})).code, 0);
  symlinkSync(resolve(".venv"), join(folder, ".venv"));
  must("git", "init", "--quiet", "--initial-branch", "main");
  must(resolve(".venv/bin/dvc"), "init", "--quiet");
  writeFileSync(
    join(folder, ".gitignore"),
    "/data\n/node_modules\n/.venv\n/src\n/stages\n/scripts\n/stages.lock.json\n",
  );

  const write = (file: string, text: string) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  /** Puts an object into DVC's cache. */
  const store = (content: string, digest = md5(content)) => {
    write(`.dvc/cache/files/md5/${digest.slice(0, 2)}/${digest.slice(2)}`, content);
    return digest;
  };
  const storeFolder = (entries: unknown) => store(JSON.stringify(entries), `${md5(JSON.stringify(entries))}.dir`);
  const cmd: string = parse(read("dvc.yaml")).stages["train-top"].cmd;
  const files = [
    "metrics/train.json",
    "metrics/validation.json",
    "metrics/memorization.json",
    "plots/history.json",
    "plots/predictions.json",
  ];
  const outs = await Promise.all(files.map(async (path) => ({ path, md5: await fileMd5(join(folder, path)) })));
  const { md5: features } = await describeFolder(join(folder, "data/bottleneck"));
  const deps = [
    { path: "data/bottleneck", md5: features },
    { path: "data/labels.csv", md5: store(read("data/labels.csv")) },
  ];
  const lock: LockFile = { schema: "2.0", stages: { "train-top": { cmd, deps, outs } } };
  write("dvc.lock", stringify(lock));
  must("git", "add", "--all");
  must("git", "commit", "--quiet", "--message", "A good one");

  const good = must("git", "rev-parse", "HEAD").trim();
  const x = store("x");
  const up = "../".repeat(12);
  const training = (edit: (stage: LockFile["stages"][string]) => void) => () => {
    const copy = structuredClone(lock);
    edit(copy.stages["train-top"] as LockFile["stages"][string]);
    write("dvc.lock", stringify(copy));
  };
  const out = (...items: Item[]) => training((stage) => stage.outs.push(...items));
  const command = (flags: string) => training((stage) => (stage.cmd += ` ${flags}`));
  const bomb = Array.from(
    { length: 30 },
    (_, i) => `a${i}: &a${i} [${Array(9).fill(i === 0 ? "x" : `*a${i - 1}`)}]\n`,
  ).join("");
  const conflict = (text: string) => `<<<<<<< ours\n${text}=======\n${text}>>>>>>> theirs\n`;
  const hostile: Record<string, () => void> = {
    "digest-leads-outside": out({ path: "plots/x.txt", md5: `aa/${up}${home.slice(1)}/secret.txt` }),
    "digest-of-a-folder-leads-outside": out({ path: "plots/x", md5: `aa/${up}${home.slice(1)}/secret.txt.dir` }),
    "path-leads-outside": out({ path: `${up}${home.slice(1)}/planted`, md5: x }),
    "absolute-path": out({ path: join(home, "planted"), md5: x }),
    "windows-path": out({ path: "..\\..\\planted", md5: x }),
    drive: out({ path: "C:planted", md5: x }),
    "path-of-controls": out({ path: "plots/\u001b]0;owned\u0007", md5: x }),
    "one-output-below-another": out({ path: "plots/x", md5: x }, { path: "plots/x/y", md5: x }),
    "below-a-link-to-a-folder": out(
      { path: "plots/x", md5: storeFolder([{ md5: x, relpath: "y" }]) },
      { path: "plots/x/y/z", md5: x },
    ),
    "entry-leads-outside": out({
      path: "plots/x",
      md5: storeFolder([{ md5: x, relpath: `${up}${home.slice(1)}/planted` }]),
    }),
    "entry-of-another-digest": out({
      path: "plots/x",
      md5: storeFolder([{ md5: `${up}${home.slice(1)}/secret.txt`, relpath: "y" }]),
    }),
    "folder-of-no-json": out({ path: "plots/x", md5: store("none", `${md5("none")}.dir`) }),
    "two-of-one-path": out({ path: "plots/x", md5: x }, { path: "plots/x", md5: store("y") }),
    "command-reads-outside": command(`--report ${up}${home.slice(1)}/secret.txt`),
    "command-reads-absolute": command(`--report=${home}/secret.txt`),
    "command-lists-outside": command("--report .."),
    "command-without-files": training((stage) => (stage.cmd = "node stages/train-top.ts")),
    "lock-in-conflict": () => write("dvc.lock", conflict(stringify(lock))),
    "lock-of-a-list": () => write("dvc.lock", "- 1\n"),
    "lock-bomb": () => write("dvc.lock", bomb),
    "lock-cycle": () => write("dvc.lock", "stages: &a\n  train-top: *a\n"),
    "lock-of-a-million": () => write("dvc.lock", `#${"x".repeat(1_100_000)}\n`),
    "params-in-conflict": () => write("params.yaml", conflict(read("params.yaml"))),
    "params-bomb": () => write("params.yaml", bomb),
    "params-of-a-text": () => write("params.yaml", "poison\n"),
    "pipeline-in-conflict": () => write("dvc.yaml", conflict(read("dvc.yaml"))),
    "metrics-of-a-link": () => {
      rmSync(join(folder, "metrics/train.json"));
      symlinkSync(join(home, "secret.txt"), join(folder, "metrics/train.json"));
    },
    "metrics-no-json": () => write("metrics/train.json", "{"),
    "history-of-texts": () => write("plots/history.json", '["a"]'),
    "validation-no-mapping": () => write("metrics/validation.json", "[1]"),
    "model-of-nothing": training((stage) =>
      stage.outs.push({
        path: "data/model",
        md5: storeFolder([
          { md5: store("{}"), relpath: "model.json" },
          { md5: x, relpath: "model.keras" },
        ]),
      }),
    ),
  };
  for (const [name, edit] of Object.entries(hostile)) {
    edit();
    must("git", "add", "--all");
    must("git", "commit", "--quiet", "--message", name);
    must("git", "tag", name);
    must("git", "reset", "--quiet", "--hard", good);
  }

  const before = readdirSync(home).sort();
  const env = { ...settings, MLFLOW_TRACKING_URI: server.uri, MLFLOW_EXPERIMENT_NAME: "hostile" };
  const synced = await experiment.sync(env, "--all");
  assert.equal(synced.code, 1, synced.output);
  assert.match(synced.output, /^mlflow:sync: main: logged without data\/bottleneck/m);
  for (const name of Object.keys(hostile)) {
    const lines = synced.output.split("\n").filter((line) => line.startsWith(`mlflow:sync: ${name}:`));
    assert.equal(lines.length, 1, `${name}\n${synced.output}`);
    assert.doesNotMatch(lines[0] as string, /: logged|is there already|no training/, name);
  }
  assert.doesNotMatch(synced.output, /^ +at /m);
  for (const shown of ["owned\u0007", "\u001b", SECRET]) assert.ok(!synced.output.includes(shown), shown);
  assert.deepEqual(readdirSync(home).sort(), before);
  assert.equal(readFileSync(join(home, "secret.txt"), "utf8"), SECRET);
  const { runs } = await server.verify("hostile");
  assert.equal(runs.length, 1);
  assert.ok(runs[0]?.artifacts.includes("plots/history.json"));
  assert.ok(
    runs[0]?.artifacts.every((file) =>
      /^(data\/labels\.csv|dvc\.lock|params\.yaml|(metrics|plots)\/[\w./-]+)$/.test(file),
    ),
    `${runs[0]?.artifacts}`,
  );
});
