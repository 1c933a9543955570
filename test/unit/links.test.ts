import assert from "node:assert/strict";
import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { DOCUMENTS } from "../support/documents.ts";

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");

const anchors = (file: string) =>
  [
    ...readFileSync(file, "utf8")
      .replace(/```.*?```/gs, "")
      .matchAll(/^#+ (.+)$/gm),
  ].map(([, text]) => anchorOf(text as string));

const PAGES = [
  ...DOCUMENTS,
  "CHANGELOG.md",
  "test/README.md",
  "examples/own-stage/README.md",
  "examples/text-labels/README.md",
  "examples/three-class-images/README.md",
];

test("links within the project lead to files and headings that are there", () => {
  let seen = 0;
  for (const page of PAGES)
    for (const [, target = ""] of readFileSync(page, "utf8")
      .replace(/```.*?```/gs, "")
      .matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^\w+:/.test(target)) continue;
      seen++;
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : join(dirname(page), path);
      assert.ok(existsSync(file), `${page}: ${target}`);
      if (anchor === undefined) continue;
      assert.ok(!statSync(file).isDirectory(), `${page}: ${target}`);
      assert.ok(anchors(file).includes(anchor), `${page}: ${target}: no such heading`);
    }
  assert.ok(seen > 60, `${seen} links`);
});

test("the index of the documents names every page", () => {
  const index = readFileSync("docs/README.md", "utf8");
  for (const page of DOCUMENTS.filter((page) => page.startsWith("docs/") && page !== "docs/README.md"))
    assert.ok(index.includes(`(${page.slice("docs/".length)})`), page);
});
