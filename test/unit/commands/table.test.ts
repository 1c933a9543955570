import assert from "node:assert/strict";
import { test } from "node:test";
import { markdownTable, textTable } from "../../../src/commands/table.ts";

const ROWS = [
  ["name", "share"],
  ["cats", "0.5"],
  ["猫と犬", "10.25"],
  ["\u001b[31mred", "1"],
];

test("columns stand in line on a terminal, whatever the letters; nothing in a cell steers it", () => {
  assert.equal(
    textTable(ROWS, "lr"),
    ["name           share", "cats             0.5", "猫と犬         10.25", "\\u001b[31mred      1"].join("\n"),
  );
  assert.equal(textTable([["a"], ["bcd"]], "l"), "a\nbcd", "no spaces at the end of a line");
});

test("the Markdown table is compact and says how its columns stand", () => {
  assert.equal(markdownTable(ROWS.slice(0, 2), "lr"), "| name | share |\n| :- | -: |\n| cats | 0.5 |");
  assert.equal(markdownTable([["", ""]], "ll"), "| | |\n| :- | :- |");
});
