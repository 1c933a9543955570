import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { test } from "node:test";
import { allRevisions, findRevision, listExperiments } from "../../../src/dvc/refs.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const PIPELINE = "stages:\n  copy:\n    cmd: cp params.yaml out.txt\n    params: [poison]\n    outs: [out.txt]\n";

test("a name means what it means to DVC: experiments saved, run, renamed and branched, several of one name", async (t) => {
  const folder = temporaryFolder(t);
  const home = temporaryFolder(t);
  writeFileSync(
    join(home, ".gitconfig"),
    "[user]\n\tname = test\n\temail = test@example.org\n[init]\n\tdefaultBranch = main\n",
  );
  const own = {
    HOME: home,
    GIT_CONFIG_SYSTEM: "/dev/null",
    DVC_NO_ANALYTICS: "1",
    DVC_SITE_CACHE_DIR: join(home, "dvc"),
  };
  const env: NodeJS.ProcessEnv = { ...process.env, ...own };
  const must = (program: string, ...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(program, args, { cwd: folder, env, encoding: "utf8" });
    assert.equal(status, 0, `${program} ${args.join(" ")}\n${stdout}${stderr}`);
    return stdout;
  };
  const [program, python, resolver] = [".venv/bin/dvc", ".venv/bin/python", "test/support/dvc/resolve.py"].map((path) =>
    resolve(path),
  ) as [string, string, string];
  const dvc = (...args: string[]) => must(program, ...args);
  const git = (...args: string[]) => must("git", ...args).trim();
  const setPoison = (poison: number) => writeFileSync(join(folder, "params.yaml"), `poison: ${poison}\n`);
  const commitAll = (message: string) => git("commit", "--quiet", "--all", "--message", message);
  Object.assign(process.env, own); // what we call from here reads the same settings
  const before = process.cwd();
  process.chdir(folder);
  t.after(() => process.chdir(before));

  git("init", "--quiet");
  dvc("init", "--quiet");
  writeFileSync(join(folder, "dvc.yaml"), PIPELINE);
  setPoison(0);
  git("add", "--all");
  commitAll("Begin");
  dvc("exp", "run", "--quiet", "--name", "twice", "-S", "poison=1");
  dvc("exp", "run", "--quiet", "--name", "old", "-S", "poison=2");
  dvc("exp", "rename", "old", "renamed");
  dvc("exp", "run", "--quiet", "--name", "main", "-S", "poison=3"); // named as a branch is
  setPoison(4);
  dvc("exp", "save", "--quiet", "--force", "--name", "saved");
  dvc("exp", "branch", "saved", "branched");
  git("checkout", "--quiet", "--force", "main");
  git("tag", "--annotate", "tagged", "--message", "a tag");
  setPoison(5);
  commitAll("On");
  dvc("exp", "run", "--quiet", "--name", "twice", "-S", "poison=6");
  dvc("exp", "run", "--quiet", "--name", "once", "-S", "poison=7");
  git("checkout", "--quiet", "--force", "main");
  git("remote", "add", "origin", "https://example.org/none.git");
  git("update-ref", "refs/remotes/origin/theirs", git("rev-parse", "tagged^{commit}"));
  const commits = (await listExperiments()).map(({ commit }) => commit);

  const names = [
    "twice",
    "old",
    "renamed",
    "main",
    "saved",
    "branched",
    "tagged",
    "once",
    "theirs",
    "HEAD",
    "nowhere",
    ...commits,
  ];
  const compare = async () => {
    const theirs: (string | null)[] = JSON.parse(must(python, resolver, ...names));
    for (const [i, name] of names.entries()) {
      const ours = await findRevision(name).then(
        ({ commit }) => commit,
        (error) => {
          assert.equal(error.name, "StageError");
          return null;
        },
      );
      assert.equal(ours, theirs[i], name);
    }
    return Object.fromEntries(names.map((name, i) => [name, theirs[i]]));
  };
  const now = await compare();
  assert.equal(now.old, null);
  assert.notEqual(now.twice, null);
  assert.deepEqual((await findRevision("branched")).experiment, "saved"); // the branch, which is still that experiment
  assert.equal((await findRevision(now.renamed as string)).name, "renamed");
  assert.equal((await findRevision("once")).baseline, git("rev-parse", "HEAD"));

  const all = await allRevisions();
  assert.equal(new Set(all.map(({ commit }) => commit)).size, all.length);
  const found = all.map(({ name }) => name).sort();
  assert.deepEqual(found, ["main", "main", "once", "renamed", "saved", "tagged", "twice", "twice"]);

  // From another commit neither of two experiments with one name is the one.
  git("commit", "--quiet", "--allow-empty", "--message", "Further on");
  const later = await compare();
  assert.equal(later.twice, null);
  await assert.rejects(findRevision("twice"), /twice: 2 experiments have this name: [0-9a-f]{7} on [0-9a-f]{7}, /);

  // An experiment is removed by its ref, whichever else has its name.
  const [, second] = (await listExperiments()).filter(({ name }) => name === "twice");
  dvc("exp", "remove", second?.ref as string);
  assert.equal((await listExperiments()).filter(({ name }) => name === "twice").length, 1);
});
