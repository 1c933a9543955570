import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parse, stringify } from "yaml";
import { insertYaml, replaceYaml } from "../../../../src/commands/init/insert-yaml.ts";
import { StageError } from "../../../../src/runtime/errors.ts";

/** What `{ b: {cmd: y} }` makes of the stages in a text. */
const withB = (text: string) => insertYaml(text, { path: ["stages"], block: "b:\n  cmd: y\n" }, "dvc.yaml");

const CASES: Record<string, [before: string, after: string]> = {
  "block style": ["stages:\n  a:\n    cmd: x\n", "stages:\n  a:\n    cmd: x\n  b:\n    cmd: y\n"],
  "four columns a level": [
    "stages:\n    a:\n        cmd: x\n",
    "stages:\n    a:\n        cmd: x\n    b:\n      cmd: y\n",
  ],
  "what follows the stages": [
    "stages:\n  a: # why\n    cmd: 'x' # quoted\n\n# the end\nvars: [v.yaml]\n",
    "stages:\n  a: # why\n    cmd: 'x' # quoted\n  b:\n    cmd: y\n\n# the end\nvars: [v.yaml]\n",
  ],
  "no end of the last line": ["stages:\n  a:\n    cmd: x", "stages:\n  a:\n    cmd: x\n  b:\n    cmd: y\n"],
  CRLF: ["stages:\r\n  a:\r\n    cmd: x\r\n", "stages:\r\n  a:\r\n    cmd: x\r\n  b:\r\n    cmd: y\r\n"],
  "a list over several lines": [
    "stages:\n  a:\n    outs: [\n      q, # why\n    ] # all\n",
    "stages:\n  a:\n    outs: [\n      q, # why\n    ] # all\n  b:\n    cmd: y\n",
  ],
  "a block of text, and blank lines": [
    "stages:\n  a:\n    cmd: |\n      x\n\n# end\n",
    "stages:\n  a:\n    cmd: |\n      x\n  b:\n    cmd: y\n\n# end\n",
  ],
  "a block of text whose blank lines count": [
    "stages:\n  a:\n    cmd: |+\n      x\n\n",
    "stages:\n  a:\n    cmd: |+\n      x\n\n  b:\n    cmd: y\n",
  ],
  "a folded text": [
    "stages:\n  a:\n    cmd: x\n      --z\n",
    "stages:\n  a:\n    cmd: x\n      --z\n  b:\n    cmd: y\n",
  ],
  "a last key without a value": [
    "stages:\n  a:\n    cmd: x\n    outs:\n",
    "stages:\n  a:\n    cmd: x\n    outs:\n  b:\n    cmd: y\n",
  ],
  "no file": ["", "stages:\n  b:\n    cmd: y\n"],
  "comments alone": ["# mine", "# mine\nstages:\n  b:\n    cmd: y\n"],
  "other keys alone": ["vars:\n- v.yaml\n", "vars:\n- v.yaml\nstages:\n  b:\n    cmd: y\n"],
  "a key with nothing behind it": ["stages: # none\nvars: []\n", "stages: # none\n  b:\n    cmd: y\nvars: []\n"],
  "an explicit nothing": ["stages: ~ # none\nvars: []\n", "stages: # none\n  b:\n    cmd: y\nvars: []\n"],
  null: ["stages: null", "stages:\n  b:\n    cmd: y\n"],
  "empty braces": ["# mine\nstages: {} # none\n", "# mine\nstages: # none\n  b:\n    cmd: y\n"],
  braces: ["stages: {a: {cmd: x}} # all\n", "stages: {a: {cmd: x}, b: { cmd: y }} # all\n"],
  "braces with a comma at the end": [
    "stages: {\n  a: {cmd: x}, # why\n  }\n",
    "stages: {\n  a: {cmd: x}, b: { cmd: y }, # why\n  }\n",
  ],
  JSON: ['{"stages": {"a": {"cmd": "x"}}}\n', '{"stages": {"a": {"cmd": "x"}, b: { cmd: y }}}\n'],
  "JSON without stages": ['{"vars": []}\n', '{"vars": [], stages: { b: { cmd: y } }}\n'],
  "JSON with empty stages": ['{"vars": [1], "stages": {}}\n', '{"vars": [1], "stages": { b: { cmd: y } }}\n'],
  "empty JSON": ["{}\n", "\nstages:\n  b:\n    cmd: y\n"],
  "document markers": [
    "---\nstages:\n  a:\n    cmd: x\n...\n",
    "---\nstages:\n  a:\n    cmd: x\n  b:\n    cmd: y\n...\n",
  ],
  "markers around nothing": [
    "%YAML 1.2\n---\n# none\n...\n",
    "%YAML 1.2\n---\n# none\nstages:\n  b:\n    cmd: y\n...\n",
  ],
  "a byte order mark": ["\ufeffvars: []\n", "\ufeffvars: []\nstages:\n  b:\n    cmd: y\n"],
  "a byte order mark before the stages": [
    "\ufeffstages:\n  a:\n    cmd: x\n",
    "\ufeffstages:\n  a:\n    cmd: x\n  b:\n    cmd: y\n",
  ],
  "anchors, aliases and merge keys": [
    "x: &d {cmd: x}\nstages:\n  a: &a\n    <<: *d\n  c: *a\nz: *a\n",
    "x: &d {cmd: x}\nstages:\n  a: &a\n    <<: *d\n  c: *a\n  b:\n    cmd: y\nz: *a\n",
  ],
  "keys in quotes": ["\"stages\":\n  'a':\n    cmd: x\n", "\"stages\":\n  'a':\n    cmd: x\n  b:\n    cmd: y\n"],
};

for (const [name, [before, after]] of Object.entries(CASES))
  test(`a stage is added, and every byte stays: ${name}`, () => assert.equal(withB(before), after));

test("a list gets items in the columns in which its own stand", () => {
  const add = (text: string) => insertYaml(text, { path: ["plots"], block: "- b:\n    x: y\n" }, "dvc.yaml");
  assert.equal(add("plots:\n- a.csv\nvars: []\n"), "plots:\n- a.csv\n- b:\n    x: y\nvars: []\n");
  assert.equal(
    add("plots:\n    - a.csv:\n        x: q\n"),
    "plots:\n    - a.csv:\n        x: q\n    - b:\n        x: y\n",
  );
  assert.equal(add("plots: [a.csv]\n"), "plots: [a.csv, { b: { x: y } }]\n");
  assert.equal(add("plots: []\n"), "plots:\n  - b:\n      x: y\n");
});

test("keys that lead there are made, quoted where they must be", () => {
  const text = insertYaml("a: 1\n", { path: ["b: c", "d"], block: "e: 2\n" }, "params.yaml");
  assert.equal(text, 'a: 1\n"b: c":\n  d:\n    e: 2\n');
});

/** The message with which something is refused. */
function refusal(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof StageError, String(error));
    assert.ok(error.hint);
    return error.message;
  }
  throw new Error("nothing was refused");
}

test("what is no mapping is refused by file, line and key", () => {
  assert.equal(
    refusal(() => withB("# mine\nstages:\n- a\n")),
    "dvc.yaml:3: stages is no mapping.",
  );
  assert.equal(
    refusal(() => withB("vars: []\nstages: x\n")),
    "dvc.yaml:2: stages is no mapping.",
  );
  assert.equal(
    refusal(() => withB("- a\n")),
    "dvc.yaml:1: its content is no mapping.",
  );
  const list = () => insertYaml("a:\n  b: {c: 1}\n", { path: ["a", "b"], block: "- x\n" }, "dvc.yaml");
  assert.equal(refusal(list), "dvc.yaml:2: a.b is no list.");
});

test("what is no YAML is refused by file and line: a key twice, two documents, tabs, a merge that nobody has settled", () => {
  assert.match(
    refusal(() => withB("stages:\n  a: {}\nstages:\n  c: {}\n")),
    /^dvc\.yaml:3: the key "stages" stands there twice/,
  );
  assert.match(
    refusal(() => withB("stages:\n  a: {}\n---\nb: 1\n")),
    /^dvc\.yaml:3: not valid YAML: .*multiple documents/,
  );
  assert.match(
    refusal(() => withB("stages:\n\ta: {}\n")),
    /^dvc\.yaml:2: not valid YAML/,
  );
  assert.match(
    refusal(() => withB("<<<<<<< a\nstages: {}\n=======\n>>>>>>> b\n")),
    /^dvc\.yaml:1: conflict markers/,
  );
});

test("what would change for an alias too, or has the key in another form, is refused", () => {
  assert.match(
    refusal(() => withB("x: &s\n  a: {}\nstages: *s\n")),
    /^dvc\.yaml:3: nothing can be added at stages/,
  );
  assert.match(
    refusal(() => withB("stages: &s\n  a: {}\nx: *s\n")),
    /^dvc\.yaml:2: nothing can be added at stages/,
  );
  assert.match(
    refusal(() => withB("stages:\n  ? a\n  : 1\n")),
    /^dvc\.yaml:2: nothing can be added at stages/,
  );
});

/** What stages hold: texts that need quotes, numbers, nothing, lists and mappings. */
const value = fc.letrec((tie) => ({
  leaf: fc.oneof(
    fc.string(),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
    fc.constantFrom("a\nb\n", "# no", "- x", "$v", "|"),
  ),
  any: fc.oneof(
    { maxDepth: 3 },
    tie("leaf"),
    fc.array(tie("any"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[ac-z]\w{0,6}$/), tie("any"), { maxKeys: 3 }),
  ),
})).any;
const content = fc.dictionary(fc.constantFrom("stages", "vars", "plots", "x"), value, { maxKeys: 4 });
const style = fc.record({
  indent: fc.integer({ min: 2, max: 5 }),
  indentSeq: fc.boolean(),
  collectionStyle: fc.constantFrom("any" as const, "flow" as const),
  lineWidth: fc.constantFrom(0, 40),
});

test("of any file, in any style: the content is the old and the new, and the old text is left when the new is taken out", () => {
  fc.assert(
    fc.property(content, style, fc.boolean(), fc.boolean(), (old, options, crlf, comments) => {
      const stages = old.stages;
      fc.pre(
        stages === undefined ||
          (typeof stages === "object" && stages !== null && !Array.isArray(stages) && Object.keys(stages).length > 0),
      );
      const lines = stringify(old, options).split("\n");
      const noted =
        comments && !/[|>]/.test(lines.join(""))
          ? lines.flatMap((line, i) => (/^\w/.test(line) ? [`# ${i}`, line] : [line]))
          : lines;
      const before = noted.join(crlf ? "\r\n" : "\n");
      const was = parse(before);
      const after = withB(before);
      assert.deepEqual(parse(after), { ...was, stages: { ...was.stages, b: { cmd: "y" } } });
      // One piece was put in: what stands before it and behind it is all there was.
      let head = 0;
      while (head < before.length && before[head] === after[head]) head++;
      assert.ok(after.endsWith(before.slice(head).replace(/^\{\}/, "")), after);
      assert.equal(/[^\r]\n/.test(after.replaceAll("\r\n", "")) && /\r\n/.test(after), false);
    }),
    { numRuns: 300 },
  );
});

test("a text in another's place: quotes, folds, line ends and comments around it stay", () => {
  const put = (text: string, cmd = "x --y z") => replaceYaml(text, ["a", "cmd"], cmd, "dvc.yaml");
  assert.equal(put("a:\n  cmd: 'x' # why\n  b: 1\n"), "a:\n  cmd: x --y z # why\n  b: 1\n");
  assert.equal(put("a:\n  cmd: x\n    --w\n  b: 1\n"), "a:\n  cmd: x --y z\n  b: 1\n");
  assert.equal(put("a:\r\n  cmd: >-\r\n    x\r\n    --w\r\n  b: 1\r\n"), "a:\r\n  cmd: x --y z\r\n  b: 1\r\n");
  assert.equal(put("a: {cmd: x, b: 1}\n"), "a: {cmd: x --y z, b: 1}\n");
  assert.equal(put("a:\n  cmd: x\n", "x: #y"), 'a:\n  cmd: "x: #y"\n');
  assert.equal(
    refusal(() => put("# c\na:\n  cmd: [x]\n")),
    "dvc.yaml:3: a.cmd cannot be changed.",
  );
  assert.equal(
    refusal(() => put("a: {cmd: x}\n", "x, y")),
    "dvc.yaml:1: a.cmd cannot be changed.",
  );
});
