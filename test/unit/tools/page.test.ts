import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { pageText } from "../../../tools/page.ts";

test("the page is up to date with its parts and with Vega in node_modules (`node --import tsx tools/page.ts` renews it)", () => {
  assert.ok(readFileSync(".dvc/plots/page.html", "utf8") === pageText());
});

test("the page holds the licences of what is in it, DVC's one placeholder, and nothing that a browser would fetch", () => {
  const page = pageText();
  for (const name of ["vega", "vega-lite", "vega-embed", "d3-scale", "fast-json-patch"])
    assert.ok(new RegExp(`^.*\\b${name}\\b.*:$`, "m").test(page), name);
  assert.ok(page.includes("University of Washington Interactive Data Lab"));
  assert.equal(page.split("{plot_divs}").length, 2);
  assert.ok(!/\{(scripts|refresh_tag)\}|<(script|link)\b[^>]*(src|href)=|\/\/# sourceMappingURL/.test(page));
});
