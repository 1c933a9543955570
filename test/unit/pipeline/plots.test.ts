import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { type Plot, stagePlots } from "../../support/stage-plots.ts";

const OKABE_ITO = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#999999"];

const plots = stagePlots().filter(({ template }) => template !== undefined) as (Plot & { template: string })[];

test("each plot of dvc.yaml has a title, a template of ours, and its colours from Okabe and Ito's", () => {
  for (const { file, template, title } of plots) {
    assert.ok(title, file);
    const text = readFileSync(`.dvc/plots/${template}.json`, "utf8");
    const colors = text.match(/"#[0-9A-Fa-f]{6}"/g) ?? [];
    const greys = ["#808080", "#000000", "#f5f5f5"];
    for (const color of colors)
      assert.ok([...OKABE_ITO, ...greys].includes(color.slice(1, -1)), `${template}: ${color}`);
    for (const range of text.match(/"range": \["#[^\]]*\]/g) ?? [])
      assert.ok(JSON.stringify(OKABE_ITO).startsWith(range.slice(9, -1).replaceAll(" ", "")), `${template}: ${range}`);
  }
});

test("every template in .dvc/plots is used", () => {
  const used = plots.map(({ template }) => `${template}.json`);
  assert.deepEqual(
    readdirSync(".dvc/plots").filter((name) => name.endsWith(".json")),
    [...new Set(used)].sort(),
  );
});
