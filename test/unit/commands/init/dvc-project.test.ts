import assert from "node:assert/strict";
import { test } from "node:test";
import { addSetting } from "../../../../src/commands/init/dvc-project.ts";

const add = (config: string) => addSetting(config, "plots", "html_template", "p.html");

test("a setting comes into its section, which is made where there is none; line ends stay", () => {
  assert.equal(add(""), "[plots]\n    html_template = p.html\n");
  assert.equal(add("[core]\n    remote = s"), "[core]\n    remote = s\n[plots]\n    html_template = p.html\n");
  assert.equal(
    add("[plots] # mine\n    out_dir = d\n"),
    "[plots] # mine\n    html_template = p.html\n    out_dir = d\n",
  );
  assert.equal(
    add("[core]\r\n[plots]\r\n    out_dir = d\r\n"),
    "[core]\r\n[plots]\r\n    html_template = p.html\r\n    out_dir = d\r\n",
  );
  assert.equal(add("[plots]"), "[plots]\n    html_template = p.html\n");
});

test("a setting that is there stays; one in a comment is none", () => {
  assert.equal(add("[plots]\n    html_template = mine.html\n"), undefined);
  assert.match(add("[plots]\n    # html_template = x\n") ?? "", /^\[plots\]\n {4}html_template = p\.html\n/);
});
