import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import { called, code, picture, show, showLoss, table } from "../../../../src/commands/report/markdown.ts";
import { reportMarkdown } from "../../../../src/commands/report/report-markdown.ts";
import type { RevisionResults } from "../../../../src/commands/report/revision-results.ts";
import { oneLine } from "../../../../src/runtime/printable.mjs";
import { metadataOf } from "../../../support/train-metadata.ts";

test("values and names are written in one way", () => {
  assert.equal(table(["a"], [["x|y"]]), "| a |\n| --- |\n| x\\|y |");
  assert.deepEqual(["cats", "a`b", "`", "``` `", "", " a ", "a\nb", "a\\|b"].map(code), [
    "`cats`",
    "``a`b``",
    "`` ` ``",
    "`` ``` ` ``",
    '`""`',
    "`  a  `",
    "`a\\nb`",
    "`a\\`<!-- -->`|b`",
  ]);
  assert.deepEqual([0.123456, 1234567, null, undefined, [1], "<img>", true].map(show), [
    "0.1235",
    "1234567",
    "–",
    "–",
    "`[1]`",
    "`<img>`",
    "`true`",
  ]);
  assert.deepEqual([null, 0.5, undefined].map(showLoss), ["no number (training diverged)", "0.5", "–"]);
  assert.deepEqual(["the workspace", "main (1a2b3c4)"].map(called), ["the workspace", "`main (1a2b3c4)`"]);
  assert.equal(picture("A", "a)b & $c.md/x#1.png"), "![A](a%29b%20%26%20%24c.md/x%231.png)");
  assert.equal(
    picture("A", "a?/b%.png", "https://example.org/a b?c&d=(e)"),
    "![A](https://example.org/a%20b?c&amp;d=%28e%29/a%3F/b%25.png)",
  );
});

/** Each becomes more than text in GitHub's Markdown, or ends what it stands in. */
const HOSTILE = [
  "[text](http://x.yz)",
  "![](http://x.yz/a.png)",
  "[a]: http://x.yz",
  "[^1]",
  "@mention",
  "#123",
  "o/r#1",
  "GH-1",
  "~~a~~",
  "*a*",
  "**",
  "_a_",
  "`",
  "``",
  "```",
  "~~~",
  "<img src=x onerror=1>",
  "</code>",
  "</details>",
  "<!--",
  "-->",
  "<b>",
  "|",
  "\\|",
  "\\",
  "\\\\",
  "\n",
  "\r\n",
  "\n\n",
  "\n- a",
  "$m$",
  "$$",
  "$`m`$",
  ":+1:",
  "www.x.yz",
  "http://x.yz",
  "mail@x.yz",
  "mailto:mail@x.yz",
  "&amp;",
  "&#64;",
  "> ",
  "- ",
  "1. ",
  "# ",
  "| --- |",
  "    ",
  "\t",
  "---",
  "===",
  " ",
  "\u2028",
  "\u202E",
  "\u0000",
  "é",
  "🐈",
  "cats",
];
const name = fc.oneof(
  fc.array(fc.constantFrom(...HOSTILE), { maxLength: 8 }).map((parts) => parts.join("")),
  fc.string({ unit: "binary" }),
  fc.string({ unit: fc.constantFrom(..."`|\\ <!->a") }),
);

const html = (markdown: string): string =>
  micromark(markdown, { allowDangerousHtml: true, extensions: [gfm()], htmlExtensions: [gfmHtml()] }).replaceAll(
    "</code><!-- --><code>",
    "",
  );
const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

test("any name as code is read back as it is, and as nothing else: in a sentence, in a list, in a table", () => {
  fc.assert(
    fc.property(name, name, (one, two) => {
      const [first, second] = [one, two].map((text) => `<code>${escaped(oneLine(text) || '""')}</code>`);
      assert.equal(html(`A ${code(one)} → ${code(two)}.`), `<p>A ${first} → ${second}.</p>`);
      assert.equal(html(`- ${code(one)}, ${code(two)}`), `<ul>\n<li>${first}, ${second}</li>\n</ul>`);
      assert.equal(
        html(table(["a", "b"], [[code(one), code(two)]])).replaceAll("\n", ""),
        `<table><thead><tr><th>a</th><th>b</th></tr></thead><tbody><tr><td>${first}</td><td>${second}</td></tr></tbody></table>`,
      );
    }),
    { numRuns: 1000 },
  );
});

/** Results in which every word that can be a stranger's is `foreign`. */
function resultsWith(foreign: (word: string) => string, side: "base" | "head"): RevisionResults {
  const other = (word: string) => foreign(`${word} of ${side}`);
  const metadata = metadataOf(side === "base" ? 0 : 200);
  const stage = (md5: string) => ({
    cmd: other("command"),
    deps: [
      { path: foreign("dependency"), md5 },
      { path: `src/${foreign("code")}`, md5 },
    ],
    params: { "params.yaml": { [foreign("parameter")]: other("value") } },
    outs: [{ path: foreign("output"), md5 }],
  });
  return {
    name: other("revision"),
    metadata: { ...metadata, dataset: { ...metadata.dataset, name: other("data set") } },
    history: [{ epoch: 1, loss: 1, accuracy: 0.9, val_loss: 1, val_accuracy: 0.8 }],
    paths: { training: {}, pictures: {}, images: "data/images", labels: foreign("labels") },
    metrics: { [foreign("metrics file")]: { [foreign("metric")]: other("value"), list: [other("item")] } },
    params: { [foreign("parameter")]: other("value"), [foreign("parameter 2")]: { [foreign("key")]: other("value") } },
    lock: {
      restore: {
        ...stage(side),
        params: { "params.yaml": { "data.source": other("source") } },
        outs: [{ path: "data/images", md5: side }],
      },
      [foreign("stage")]: stage(side),
      [other("stage")]: stage(side),
    },
    predictions: [{ image: foreign("image"), label: foreign("cats"), predicted: other("cats"), probability: 0.5 }],
    labels: [{ image: foreign("image"), split: "train", label: other("label"), true_label: foreign("truth") }],
    stale: [],
    notRunAgain: other("reason"),
  };
}

test("a report with any names has the elements of a report with harmless ones, and the same words outside code", () => {
  const shape = (foreign: (word: string) => string) => {
    const missing = { missing: `${code(foreign("path"))} is not there.` };
    const linked = { path: oneLine(foreign("a/path")), below: "https://example.org" };
    const training = { base: missing, head: missing, sameAxes: true };
    const text = reportMarkdown(resultsWith(foreign, "base"), resultsWith(foreign, "head"), "unknown", {
      training,
      poisoned: linked,
      wrong: missing,
    });
    return html(text)
      .replace(/<code>.*?<\/code>/g, "<code></code>")
      .replace(/ src="https:\/\/example\.org\/[^"]*"/, ' src="https://example.org/"');
  };
  const harmless = shape((word) => word);
  assert.match(harmless, /could not be run again on head's images: <code><\/code> A base line/);
  assert.match(harmless, /<details>[\s\S]*<td><code><\/code><\/td>/);
  assert.ok(!harmless.includes("revision of"), "foreign words stand in code alone");
  fc.assert(
    // Different words stay different names, in the same order.
    fc.property(name, name, (before, after) => {
      assert.equal(
        shape((word) => `${before}${word}${after}`),
        harmless,
      );
    }),
    { numRuns: 200 },
  );
});
