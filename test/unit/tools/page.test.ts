import assert from "node:assert/strict";
import { createHash } from "node:crypto";
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

test("its policy stands first and lets one script run, by its hash; what DVC writes is text to the end", () => {
  const page = pageText();
  const scripts = [...page.matchAll(/<script>(.*?)<\/script/gs)].map(([, script]) => script as string);
  assert.equal(scripts.length, 1);
  const hash = createHash("sha256")
    .update(scripts[0] as string)
    .digest("base64");
  const policy = /<head>\n<meta http-equiv="Content-Security-Policy" content="([^"]*)">/.exec(page)?.[1]?.split("; ");
  assert.deepEqual(policy, [
    "default-src 'none'",
    `script-src 'sha256-${hash}'`,
    "style-src 'unsafe-inline'",
    "img-src 'self' file: data:",
    "base-uri 'none'",
    "form-action 'none'",
  ]);
  assert.ok(page.endsWith("<plaintext hidden>\n{plot_divs}\n"));
});
