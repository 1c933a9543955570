import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import fc from "fast-check";
import { readFigures } from "../../../tools/page/figures.js";

/** DVC's own renderers write a figure of a class and two images of revisions, for each order on the standard input. */
const WRITE = `
import json, sys
from dvc_render import ImageRenderer, VegaRenderer
def page(order):
    points = [{"x": 1, "y": 2, "rev": order["revision"]}]
    vega = VegaRenderer(points, order["id"], template="linear", x="x", y="y", title=order["title"])
    images = [{"rev": order["revision"], "src": "static/" + order["path"]}] * 2
    return "\\n".join(r.generate_html() for r in [vega, ImageRenderer(images, order["title"]), vega])
print(json.dumps([page(order) for order in json.load(sys.stdin)]))
`;

const PIECES = [
  "</script>",
  "<script>",
  "<!--",
  "-->",
  '"',
  "'",
  ";",
  "\n",
  ");",
  "var spec = {",
  "</div>",
  "<p>",
  "</plaintext>",
  "\u2028",
  "\\",
  "{}",
  "é",
  "#",
];
const name = fc.oneof(
  fc.array(fc.constantFrom(...PIECES), { minLength: 1, maxLength: 8 }).map((parts) => `a${parts.join("")}b`),
  fc.string({ unit: "grapheme", minLength: 1 }),
);

/** As Vega is given a name: one that every object has would be taken for a group of its own. */
const given = (text: string): string => (text in Object.prototype ? `\u2060${text}` : text);

test("what DVC's renderers write is read back with every name as it was", () => {
  const orders = fc.sample(
    fc.record({ id: name, title: name, revision: name, path: name.map((path) => path.replaceAll("\n", " ")) }),
    300,
  );
  const { stdout, stderr, status } = spawnSync(".venv/bin/python", ["-c", WRITE], {
    input: JSON.stringify(orders),
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  assert.equal(status, 0, stderr);
  for (const [i, page] of (JSON.parse(stdout) as string[]).entries()) {
    const { title, revision, path } = orders[i] as (typeof orders)[number];
    const [first, pictures, last, ...rest] = readFigures(page);
    assert.deepEqual(rest, [], page);
    for (const figure of [first, last]) {
      assert.ok(figure && "spec" in figure, page);
      assert.deepEqual(figure.spec.data.values[0].rev, given(revision));
      assert.deepEqual(figure.spec.title.text ?? figure.spec.title, given(title));
    }
    assert.ok(pictures && "images" in pictures, page);
    assert.equal(pictures.name, title);
    assert.deepEqual(
      pictures.images,
      [0, 1].map(() => ({ revision, path: `static/${path}` })),
    );
  }
});
