import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { ourPipeline } from "../../../../src/commands/init/our-stages.ts";
import { wire } from "../../../../src/commands/init/wire.ts";
import { StageError } from "../../../../src/runtime/errors.ts";

const ours = ourPipeline({ place: "params.yaml" });

/** Files as projects write them. */
const PROJECTS: Record<string, string> = {
  "items in the column of their key":
    "stages:\n  prepare:\n    cmd: python prepare.py\n    deps:\n    - raw.csv\n    outs:\n    - ready.csv\nmetrics:\n- scores.json\n",
  "items set in, blank lines, spaces at ends, no last line end":
    "stages: \n  load:\n    cmd: python load.py \n\n  fit:\n      cmd: python fit.py\n      outs:\n        - fit.h5",
  "artifacts first":
    "artifacts:\n  words:\n    path: words.xml\n    type: dataset\nstages:\n  prepare:\n    cmd: python prepare.py\n",
  "figures of its own":
    "plots:\n  - curve.csv\n  - roc:\n      x: fpr\n      y: {roc.json: tpr}\nstages:\n  a:\n    cmd: x\n",
  "vars, foreach and matrix": `vars:\n  - v.yaml\nstages:\n  each:\n    foreach: [1, 2]\n    do:\n      cmd: "echo \${item} > o\${item}"\n      outs:\n        - o\${item}\n  grid:\n    matrix:\n      a: [1, 2]\n    cmd: echo \${item.a}\n`,
  "a command of several lines":
    "stages:\n  a:\n    cmd: >-\n      python a.py\n      --out b\n  c:\n    cmd:\n      - python c.py\n      - |\n        echo done\n",
  CRLF: "stages:\r\n  a:\r\n    cmd: x\r\n# end\r\n",
  braces: "stages: {a: {cmd: x}}\nplots: [b.csv]\n",
  "lists over several lines, last": "stages:\n  a:\n    cmd: x\n    outs: [\n      b,\n      c  # why\n    ]\n# end\n",
};

for (const [name, text] of Object.entries(PROJECTS))
  test(`old and new, and nothing else, and once: ${name}`, () => {
    const was = parse(text);
    const { text: now, done } = wire(text, ours, "dvc.yaml");
    const { stages, artifacts, plots, ...rest } = parse(now);
    assert.deepEqual(stages, { ...was.stages, ...ours.stages });
    assert.deepEqual(artifacts, { ...was.artifacts, ...ours.artifacts });
    assert.deepEqual(plots, was.plots);
    const { stages: _1, artifacts: _2, plots: _3, ...others } = was;
    assert.deepEqual(rest, others);
    assert.equal(done.filter((what) => what.startsWith("stage ")).length, 5);
    assert.deepEqual(wire(now, ours, "dvc.yaml"), { text: now, done: [] });
    const there = [...now];
    let at = 0;
    for (const character of text) {
      at = there.indexOf(character, at) + 1;
      assert.ok(at > 0, "every character is there still, in order");
    }
  });

function refused(text: string, message: RegExp): void {
  assert.throws(
    () => wire(text, ours, "dvc.yaml"),
    (error) => {
      assert.ok(error instanceof StageError && error.hint, String(error));
      assert.match(error.message, message);
      return true;
    },
  );
}

test("what is not as DVC takes it is refused by file, line and key", () => {
  refused("# c\nstages:\n  poison:\n", /^dvc\.yaml:3: stages\.poison is no mapping/);
  refused("stages:\n  a:\n    outs: b\n", /^dvc\.yaml:3: stages\.a\.outs is no list/);
  refused("artifacts: [a]\n", /^dvc\.yaml:1: artifacts is no mapping/);
  refused("hello\n", /^dvc\.yaml:1: its content is no mapping/);
  refused("stages:\n  a: {cmd: x}\n  a: {cmd: y}\n", /^dvc\.yaml:3: the key "a" stands there twice/);
});

test("a stage of one of our names that is theirs is refused, in any form", () => {
  for (const stage of ["cmd: make", "cmd: [node dvc-poison.mjs poison]", "foreach: [1]\n    do:\n      cmd: x"])
    refused(`stages:\n  poison:\n    ${stage}\n`, /there is a stage "poison" already, which is not dvc-poison's/);
});

test("an output of ours that a stage of theirs has is refused: in its folder, as a figure, for each, by a merge key", () => {
  const writes = (stage: string, path: string) =>
    refused(
      `x: &x {outs: [data]}\nstages:\n  a:\n    cmd: x\n    ${stage}\n`,
      new RegExp(`writes .*, but "a" writes ${path}\\.$`),
    );
  writes("outs: [./data/]", "data/");
  writes("wdir: data\n    outs: [images]", "data/images");
  writes("wdir: src\n    outs: [../data/images: {cache: false}]", "data/images");
  writes("plots: [plots/history.json]", "plots/history.json");
  writes("<<: *x", "data");
  refused(
    "stages:\n  a:\n    foreach: [1]\n    do:\n      cmd: x\n      outs: [data/images/1]\n",
    /but "a" writes data\/images\/1/,
  );
  const other = "stages:\n  a:\n    cmd: x\n    wdir: elsewhere\n    outs: [data/images]\n";
  assert.ok(wire(other, ours, "dvc.yaml").text.startsWith(other));
});

test("an upgrade adds a flag at the end of our command, and refuses where something follows it", () => {
  const whole = wire("", ours, "dvc.yaml").text;
  const flag = " --poisoned plots/poisoned-images.jpg";
  const old = whole.replace(flag, "");
  assert.notEqual(old, whole);
  const { text, done } = wire(old, ours, "dvc.yaml");
  assert.deepEqual(done, [`stage plot:${flag}`]);
  assert.equal(parse(text).stages.plot.cmd, `${parse(old).stages.plot.cmd}${flag}`);
  refused(old.replace(/(cmd: .*dvc-poison\.mjs plot .*)/, "$1 && echo done"), /stages\.plot\.cmd lacks --poisoned/);
});
