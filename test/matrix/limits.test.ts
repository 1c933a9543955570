import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type TestContext, test } from "node:test";
import { unless } from "../support/needs.ts";
import { createProject, type Project } from "../support/project.ts";
import { temporaryFolder } from "../support/temporary-folder.ts";

/*
 * Machines that give too little, and places that cannot be written: each program says so in one line with a remedy, and leaves what was
 * there. Root writes everywhere, so that what is about permissions runs as somebody else.
 */
const isRoot = process.getuid?.() === 0;
const has = (program: string) => spawnSync("sh", ["-c", `command -v ${program}`]).status === 0;

/** What a person must never see. */
const STACK = /^\s+at .+:\d+(:\d+)?\)?$|^Traceback |^node:internal|terminate called/m;

const IMAGE = "data/images/validation/cats/cat.1.jpg";

/** The programs, with all that they write in a folder, `OUT`. */
const PROGRAMS: Record<string, string[]> = {
  restore: ["--out", "OUT/images"],
  poison: ["--out", "OUT/labels.csv", "--metrics", "OUT/labels.json"],
  "extract-bottleneck": ["--out", "OUT/bottleneck"],
  "train-top": [
    ...[
      "--model",
      "OUT/model",
      "--metrics",
      "OUT/m.json",
      "--validation",
      "OUT/v.json",
      "--memorization",
      "OUT/w.json",
    ],
    ...["--history", "OUT/h.json", "--predictions", "OUT/p.json", "--figures", "OUT/figures"],
  ],
  plot: ["--png", "OUT/a.png", "--jpg", "OUT/a.jpg", "--poisoned", "OUT/b.jpg", "--wrong", "OUT/c.jpg"],
  report: ["--out", "OUT/report.md"],
};

/** A project whose pipeline has run once, and been committed. */
function ranProject(t: TestContext): Project {
  const project = createProject(t);
  symlinkSync(resolve(".venv"), join(project.folder, ".venv"));
  writeFileSync(join(project.folder, ".git/info/exclude"), ".venv\n");
  project.must("dvc", "repro", "--quiet");
  project.must("git", "add", "--all");
  project.must("git", "commit", "--quiet", "--message", "Run");
  return project;
}

/** Calls a program through a shell, after `before`. @returns all that it printed, with its exit code. */
function call(project: Project, program: string, args: readonly string[], before = ":") {
  const command = `${before}; exec "$@"`;
  return project.run("sh", "-c", command, "sh", process.execPath, "dvc-poison.mjs", program, ...args);
}

/** One line that says what is wrong, and one with the remedy, after what the program said before. */
function assertSaid({ code, output }: { code: number; output: string }, message: RegExp, what: string): void {
  assert.equal(code, 1, `${what}:\n${output}`);
  assert.match(output, message, what);
  assert.match(output, /\n( {2}→|hint:) .+\n$/, what);
  assert.doesNotMatch(output, STACK, what);
}

const partials = (folder: string): string[] =>
  readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => /\.partial/.test(name));

/** Runs every program against a place and looks for the same complaint of each. */
function refuseAll(project: Project, out: string, message: RegExp, before?: string): void {
  for (const [program, args] of Object.entries(PROGRAMS)) {
    const outcome = call(
      project,
      program,
      args.map((arg) => arg.replace("OUT", out)),
      before,
    );
    assertSaid(outcome, message, `${program} to ${out}`);
  }
}

test("limits and places that cannot be written: one line and a remedy, and the outputs of before", {
  timeout: 600_000,
}, async (t) => {
  const project = ranProject(t);
  const { folder } = project;

  await t.test("few files may be open", () => {
    for (const files of [32, 48, 64, 96])
      for (const [program, args] of [...Object.keys(PROGRAMS), "sweep-program"].map((name) => [name, []] as const)) {
        const outcome = call(
          project,
          program,
          program === "sweep-program" ? ["--levels", "0"] : args,
          `ulimit -n ${files}`,
        );
        if (outcome.code !== 0)
          assertSaid(outcome, /No more files may be open at once: .+\./, `${program}, ${files} files`);
        if (files === 32) assert.equal(outcome.code, 1, program);
      }
    const outcome = call(project, "predict", [IMAGE], "ulimit -n 32");
    assertSaid(outcome, /No more files may be open at once/, "predict");
  });

  await t.test("files may not be large", () => {
    for (const program of ["restore", "extract-bottleneck", "plot", "train-top"])
      assertSaid(call(project, program, [], "ulimit -f 8"), /The file would be larger than is allowed: /, program);
    assert.match(call(project, "report", [], "ulimit -f 8").output, /ulimit -f/);
  });

  await t.test("memory is short", () => {
    for (const [program, args] of [
      ["extract-bottleneck", []],
      ["train-top", []],
      ["predict", [IMAGE]],
    ] as const)
      assertSaid(call(project, program, args, "ulimit -v 3000000"), /The memory does not suffice: /, program);
  });

  await t.test("nothing of these is left", () => {
    assert.deepEqual(
      partials(folder).filter((name) => !name.startsWith(".venv")),
      [],
    );
    // Of what lies in git: the live output is begun anew by train-top, and gone when that fails.
    assert.doesNotMatch(
      project.must("git", "status", "--porcelain").replace(/^ D plots\/history\.json\n/m, ""),
      /^ [MD]/m,
    );
    project.must("git", "checkout", "--quiet", ".");
    project.must("dvc", "checkout", "--quiet");
  });

  await t.test("a part of the path is a file", () => {
    writeFileSync(join(folder, "file"), "");
    refuseAll(project, "file/there", /: A part of the path is a file and no folder: file\/there/);
  });

  const mountable = unless(!(isRoot && mounts(t)), "only root mounts file systems, and not in every container");
  await t.test("no space on the disk", mountable, () => {
    const place = mount(t, "size=64k");
    writeFileSync(join(place, "fill"), Buffer.alloc(64 * 1024 - 8192));
    for (const [program, args] of Object.entries(PROGRAMS))
      if (program !== "poison")
        // it has few bytes to write
        assertSaid(
          call(
            project,
            program,
            args.map((arg) => arg.replace("OUT", join(place, "d"))),
          ),
          /: No space is left on the disk: [^\n]+\n {2}→ Free some space/,
          program,
        );
    assert.deepEqual(partials(place), []);
  });

  await t.test("a file system that is read-only", mountable, () => {
    refuseAll(project, join(mount(t, "ro"), "there"), /: The file system is read-only: /);
  });

  const other = "exec setpriv --reuid=65534 --regid=65534 --clear-groups";
  await t.test("no permission", unless(isRoot && !has("setpriv"), "root, and no setpriv to be somebody else"), () => {
    const place = temporaryFolder(t);
    chmodSync(place, 0o500);
    if (isRoot) chmodSync(folder, 0o755);
    for (const [program, args] of Object.entries(PROGRAMS)) {
      if (program === "report") continue; // git itself refuses a repository of somebody else
      const asked = args.map((arg) => arg.replace("OUT", join(place, "there")));
      const command = isRoot ? `${other} "$@"` : 'exec "$@"';
      const outcome = project.run("sh", "-c", command, "sh", process.execPath, "dvc-poison.mjs", program, ...asked);
      assertSaid(outcome, /: Permission was refused: /, program);
    }
    for (const [file, program, args] of [
      ["data/labels.csv", "train-top", PROGRAMS["train-top"]],
      ["data/model/weights.bin", "predict", [IMAGE]],
      ["data/model/model.json", "predict", [IMAGE]],
      ["data/bottleneck/part-00000.npy", "train-top", PROGRAMS["train-top"]],
      ["params.yaml", "poison", []],
      ["stages.lock.json", "poison", []],
      ["dvc.yaml", "poison", []],
    ] as const) {
      const out = temporaryFolder(t);
      chmodSync(out, 0o777);
      chmodSync(join(folder, file), 0o000);
      const command = isRoot ? `${other} "$@"` : 'exec "$@"';
      const asked = (args ?? []).map((arg) => arg.replace("OUT", out));
      const outcome = project.run("sh", "-c", command, "sh", process.execPath, "dvc-poison.mjs", program, ...asked);
      chmodSync(join(folder, file), 0o644);
      assertSaid(outcome, new RegExp(`: Permission was refused: ${file}`), `${program}, ${file}`);
    }
  });
});

function mounts(t: TestContext): boolean {
  try {
    mount(t, "size=64k");
    return true;
  } catch {
    return false; // in most containers
  }
}

/** A file system of its own, in memory. @throws where none may be mounted */
function mount(t: TestContext, options: string): string {
  const place = mkdtempSync(join(tmpdir(), "dvc-poison-test-"));
  const { status, stderr } = spawnSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", place], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  t.after(() => {
    spawnSync("umount", [place]);
    rmSync(place, { recursive: true, force: true });
  });
  return place;
}
