import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { before, test } from "node:test";
import { commandsOf, DOCUMENTS, type DocumentedCommand } from "../support/documents.ts";
import { createProject, type Project } from "../support/project.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/*
 * Every command of the documents is run: here, in a project with few images, or by a test that is named here. What cannot run here is what sets up,
 * measures or needs a machine of its own.
 */

/** Commands that another test runs, or one like them: by how they begin, and the test. */
const ELSEWHERE: [RegExp, string][] = [
  [/^npm start/, "test/system/scripts/start.test.ts"],
  [/^dvc exp run (--queue|--run-all)/, "test/system/dvc/experiments.test.ts"],
  [/^npm run sweep/, "test/system/commands/sweep.test.ts"],
  [/^npm run sweep -- --runner slurm/, "test/matrix/sweep-cluster.test.ts"],
  [/^npm run bench|^node --import tsx tools\/compare-/, "test/matrix/bench.test.ts"],
  [/^npm (test|run (test:\w+|check))/, ".ci/run"],
  [/^node --import tsx tools\/(lock-stages|schema|golden-run|wasm|page)\.ts$/, "test/unit/tools"],
  [/^npm run mlflow$|^mlflow models serve|^export MLFLOW_TRACKING_URI=/, "test/system/scripts/mlflow.test.ts"],
  [/^npm run mlflow:sync/, "test/system/mlflow/experiments.test.ts"],
  [/^node --import tsx stages\/train-top\.ts --register/, "test/system/mlflow/experiments.test.ts"],
  [/^printf .*\| curl --json/, "test/system/mlflow/serve.test.ts"],
  [/^npm install dvc-poison$|^npx dvc-poison init/, "test/system/package/install.test.ts"],
  [/^apt-get|^cat > |^mkdir -p \/var|^service munge|^sinfo$|POISON_RUNNER=slurm /, "test/matrix/slurm.test.ts"],
  [/^npm run setup -- --ray|^\.dvc-poison\/ray|POISON_RUNNER=ray /, "test/matrix/ray.test.ts"],
  [/^git remote add store|^dvc remote add --default store \//, "test/matrix/sweep-cluster.test.ts"],
  [/^dvc artifacts get/, "test/system/dvc/remote.test.ts"],
];

/** Pages whose commands run here, each in the order in which they stand there, all in one project. */
const HERE = [
  "README.md",
  ...["experiments", "images", "review", "stages", "predict"].map((name) => `docs/${name}.md`),
];

/** Documents' names, as they are in the project of this test. */
const HERE_CALLED: [RegExp, string][] = [
  [/ --open$/, ""],
  [/^npm run (--silent )?(report|predict) -- /, "node dvc-poison.mjs $2 "],
  [/s3:\/\/bucket\/dvc-poison/, "../store"],
  [/\/another\/model/, "data/model"],
  [/^node --import tsx stages\/(\S+)\.ts/, "node dvc-poison.mjs $1"],
];

let project: Project;
before((t) => {
  project = createProject(t as never);
  const { folder, must } = project;
  for (const item of ["config", "plots"]) cpSync(join(".dvc", item), join(folder, ".dvc", item), { recursive: true });
  mkdirSync(join(folder, "test"));
  cpSync("test/golden", join(folder, "test/golden"), { recursive: true });
  cpSync("test/golden/cat.4362.jpg", join(folder, "photo.jpg"));
  cpSync("test/golden", join(folder, "more-photos"), { recursive: true });
  const origin = temporaryFolder(t as never);
  must("git", "init", "--quiet", "--bare", origin);
  must("git", "remote", "add", "origin", origin);
  must("dvc", "repro");
  cpSync(join(folder, "data/images"), join(folder, "my-images"), { recursive: true });
  must("git", "add", "--all");
  must("git", "commit", "--quiet", "--message", "Clean labels");
  must("git", "push", "--quiet", "origin", "HEAD:main");
  for (const level of [0, 2.5, 5, 10]) must("git", "tag", `poison-${level}`);
});

const elsewhere = ({ command }: DocumentedCommand) => ELSEWHERE.find(([pattern]) => pattern.test(command));

for (const document of HERE)
  test(`the commands of ${document} do what they are for`, () => {
    const commands = commandsOf(document).filter((command) => !elsewhere(command));
    assert.ok(commands.length > 0, `${commands.length} commands`);
    for (const { command } of commands) {
      const called = HERE_CALLED.reduce((text, [from, to]) => text.replace(from, to), command);
      if (called === ". .venv/bin/activate") continue; // the project's programs come first in this environment
      const { code, output } = project.run("bash", "-c", called);
      assert.equal(code, 0, `${document}: ${command}: ${output}`);
      assert.doesNotMatch(output, /^(ERROR|Traceback)/m, `${document}: ${command}`);
    }
  });

test("every other command of the documents is run by a test that is there", () => {
  const others = DOCUMENTS.filter((document) => !HERE.includes(document)).flatMap(commandsOf);
  const all = [...others, ...HERE.flatMap(commandsOf).filter(elsewhere)];
  const activates = (command: string) =>
    command === ". .venv/bin/activate" || /^dvc exp run -S poison=7\.5$|^git add --all && git commit/.test(command);
  for (const found of all) {
    if (activates(found.command)) continue;
    const [, where] = elsewhere(found) ?? [];
    assert.ok(where !== undefined, `${found.document}: ${found.command}: no test runs it`);
    assert.ok(existsSync(where), where);
  }
  const used = ELSEWHERE.filter(([pattern]) => all.some(({ command }) => pattern.test(command)));
  assert.equal(used.length, ELSEWHERE.length, "none is named that no document has");
});

test("options that documents name are options of their commands", () => {
  const names: Record<string, string> = {
    sweep: "sweep",
    report: "report",
    bench: "bench",
    predict: "predict",
    "mlflow:sync": "mlflow-sync",
  };
  let seen = 0;
  for (const { document, command } of DOCUMENTS.flatMap(commandsOf)) {
    const [, name = "", args = ""] = /^npm run (?:--silent )?(\S+) -- (.*)$/.exec(command) ?? [];
    if (names[name] === undefined) continue;
    const help = readFileSync(`scripts/programs/help/${names[name]}.txt`, "utf8");
    for (const [option] of args.matchAll(/(?<=^|\s)--?[a-zA-Z][\w-]*/g)) {
      assert.match(help, new RegExp(`(^|[\\s,])${option}\\b`, "m"), `${document}: ${command}: ${option}`);
      seen++;
    }
  }
  assert.ok(seen > 20, `${seen} options`);
});
