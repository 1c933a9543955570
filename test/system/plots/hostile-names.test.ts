import assert from "node:assert/strict";
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import sharp from "sharp";
import { inBrowser, withBrowser } from "../../support/browser.ts";
import type { Project } from "../../support/project.ts";
import { reviewedProject } from "../../support/reviewed-project.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** What runs where a name is taken for HTML or for code; `hurt` and dialogs are looked for. */
const HURT = "hurt=alert(1)";

/** Git allows all of these as names of branches and tags, DVC as names of experiments. */
const BRANCHES = [
  `x</script><script>${HURT}</script>`,
  `x<!--<script>${HURT}`,
  `</plaintext></template></main><img/src/onerror=${HURT}>`,
  "{plot_divs}{scripts}<DVC_METRIC_TITLE>",
];
const TAGS = [
  `"';${HURT};//x`.replace("//", "/"),
  "\u2028\u2029é漢🐈",
  "__proto__",
  "constructor",
  `<svg/onload=${HURT}>`,
];
const EXPERIMENTS = [`e<script>${HURT}`, `'"><!--<script>`];

const CHARTS = [
  ...["history", "figures_poison", "figures_confusion", "figures_precision-recall", "figures_probabilities"],
  ...["figures_reliability", "figures_roc", "predictions"],
].map((name) => `plots_${name}_json`);

/** No branch may hold these, but a class or a data set may. */
const CLASSES = [
  `</script><script>${HURT}</script> <b>cats`,
  `";\nvegaEmbed('#plots_history_json', {}); ${HURT}; //`,
  `<meta http-equiv="refresh" content="0;url=https://example.org"> \u202E\u0000\\`,
];
const DATASET = `{refresh_tag}</plaintext></script><script>${HURT}</script><style>*{display:none}</style>`;

/** Names of image files: DVC puts them into its page as they are. */
const IMAGES = [`plots/#1 ?50% <script>${HURT}<.png`, "plots/a\n<b>.png", `plots/x" onerror="${HURT}.png`];

/** Every element that the page or Vega makes; none of the names'. */
const ELEMENTS = [
  ..."html head meta title style script body header h1 ul li main div h2 plaintext".split(" "),
  ..."table caption thead tr th tbody td figure figcaption img".split(" "),
  ..."details summary form a svg g path line text tspan circle".split(" "),
];

interface Seen {
  hurt: boolean;
  cards: number;
  /** Figures with marks. */
  drawn: string[];
  /** The texts around the confusion matrices, a long one cut. */
  matrices: string[];
  /** Paragraphs: figures that are not drawn say so in one. */
  excuses: string[];
  cells: string[];
  images: { caption: string; width: number }[];
  revisions: string[];
  elements: string[];
}

const LOOK = String.raw`(() => {
  const texts = (selector) => [...document.querySelectorAll(selector)].map((element) => element.textContent.replace("\u2060", ""));
  return {
    hurt: "hurt" in window,
    cards: document.querySelectorAll("main > div").length,
    matrices: texts("#plots_figures_confusion_json text"),
    excuses: texts("main p"),
    drawn: [...document.querySelectorAll("main > div")].filter((card) => card.querySelector(".role-mark path")).map(({ id }) => id),
    cells: texts(".tables th, .tables td"),
    images: [...document.querySelectorAll("figure")].map((figure) => ({
      caption: figure.textContent, width: figure.querySelector("img")?.naturalWidth,
    })),
    revisions: texts("#revisions li"),
    elements: [...new Set([...document.querySelectorAll("*")].map(({ localName }) => localName))],
  };
})()`;

/** Commits of three levels with hostile classes and images, and hostile names for them. */
async function hostileProject(t: TestContext): Promise<Project> {
  const project = reviewedProject(t, [0, 5, 10], CLASSES, DATASET);
  const image = await sharp({ create: { width: 60, height: 40, channels: 3, background: "teal" } })
    .png()
    .toBuffer();
  for (const path of IMAGES) {
    mkdirSync(join(project.folder, path, ".."), { recursive: true });
    writeFileSync(join(project.folder, path), image);
  }
  const plots = `plots:\n${IMAGES.map((path) => `- ${JSON.stringify(path)}\n`).join("")}`;
  writeFileSync(join(project.folder, "dvc.yaml"), `${project.read("dvc.yaml")}${plots}`);
  project.must("git", "add", "--all", "--force", "plots", "dvc.yaml");
  project.must("git", "commit", "--quiet", "--message", "Name things badly");
  for (const name of BRANCHES) project.must("git", "update-ref", `refs/heads/${name}`, "HEAD");
  for (const name of TAGS) project.must("git", "update-ref", `refs/tags/${name}`, "HEAD");
  // As `dvc exp save` keeps them, which would want the code that dvc.yaml names.
  const head = project.must("git", "rev-parse", "HEAD").trim();
  const experiments = `refs/exps/${head.slice(0, 2)}/${head.slice(2)}`;
  for (const name of EXPERIMENTS) project.must("git", "update-ref", `${experiments}/${name}`, "HEAD");
  return project;
}

test("no name of a branch, tag, experiment, class, data set or image runs in the page, and all figures are drawn", {
  ...withBrowser,
  timeout: 240_000,
}, async (t) => {
  const project = await hostileProject(t);
  const folder = temporaryFolder(t);
  const page = (name: string, command: string, revisions: string[] = []) => {
    project.must("dvc", "plots", command, "--out", name, ...revisions);
    cpSync(join(project.folder, name), join(folder, name), { recursive: true });
    return join(folder, name, "index.html");
  };
  const revisions = [...BRANCHES, ...TAGS, ...EXPERIMENTS];
  const pages: [string, string[]][] = [
    [page("diff", "diff", ["--", ...revisions]), revisions],
    [page("show", "show"), ["workspace"]],
  ];
  await inBrowser(async (open) => {
    for (const [file, names] of pages)
      for (const [colorScheme, width] of [
        ["light", 1300],
        ["dark", 390],
      ] as const) {
        const { page, faults } = await open(file, { colorScheme, viewport: { width, height: 900 } });
        await page.waitForSelector("html[data-drawn]", { state: "attached", timeout: 30_000 });
        const pictures = process.env.POISON_SCREENSHOTS;
        if (pictures)
          await page.screenshot({ path: join(pictures, `hostile-${names.length}-${colorScheme}.png`), fullPage: true });
        const seen = (await page.evaluate(LOOK)) as Seen;
        assert.deepEqual(faults, []);
        assert.equal(seen.hurt, false);
        assert.deepEqual(seen.excuses, []);
        assert.deepEqual(seen.drawn, CHARTS);
        for (const name of names)
          assert.ok(
            seen.matrices.some(
              (text) => text === name.trim() || (text.endsWith("…") && name.startsWith(text.slice(0, -1))),
            ),
            `a confusion matrix for ${name}`,
          );
        assert.equal(seen.cards, 1 + CHARTS.length + IMAGES.length);
        assert.deepEqual(seen.revisions, names);
        for (const text of [...names, DATASET.replace("{refresh_tag}", ""), ...CLASSES.map((name) => `recall.${name}`)])
          assert.ok(seen.cells.includes(text), text);
        assert.deepEqual(
          seen.images,
          IMAGES.flatMap(() => names.map((caption) => ({ caption, width: 60 }))),
        );
        assert.deepEqual(
          seen.elements.filter((name) => !ELEMENTS.includes(name)),
          [],
        );
      }
  });
});

/** A page with a text of our own in the place of DVC's. */
function pageOf(t: TestContext, text: string, change: (page: string) => string = (page) => page): string {
  const file = join(temporaryFolder(t), "index.html");
  writeFileSync(
    file,
    change(readFileSync(".dvc/plots/page.html", "utf8")).replace("{plot_divs}", () => text),
  );
  return file;
}

test("a figure that cannot be read or drawn says so in its place", { ...withBrowser, timeout: 60_000 }, async (t) => {
  const figure = (id: string, spec: string) =>
    `<div id = "${id}">\n<script type = "text/javascript">\nvar spec = ${spec};\nvegaEmbed('#${id}', spec);\n</script>\n</div>\n`;
  const good = JSON.stringify({ data: { values: [{ a: 1 }] }, mark: "point", encoding: { x: { field: "a" } } });
  const text = `${figure("nan", '{"a": NaN}')}${figure("good", good)}\n<div id = "cut">\n<script>${HURT}</script>\n${figure("odd", '{"mark": 1}')}`;
  await inBrowser(async (open) => {
    const { page, faults } = await open(pageOf(t, text));
    await page.waitForSelector("html[data-drawn]", { state: "attached" });
    const seen = (await page.evaluate(LOOK)) as Seen;
    assert.deepEqual([seen.hurt, seen.cards, seen.drawn, faults], [false, 4, ["good"], []]);
    assert.equal(seen.excuses.length, 3);
    for (const excuse of seen.excuses) assert.match(excuse, /^This figure cannot be drawn: .+\.$/);
    assert.match(seen.excuses[1] as string, /it is not written as DVC writes figures/);
    const saved = page.waitForEvent("download");
    await page.click("#good summary");
    await page.click("#good .vega-actions a");
    assert.equal((await saved).suggestedFilename(), "visualization.svg", "the policy lets a figure be saved");
  });
});

test("an image whose name imitates figures keeps no other from being drawn, and loads and links nothing", {
  ...withBrowser,
  timeout: 60_000,
}, async (t) => {
  const point = { mark: "point", encoding: { x: { field: "a" } } };
  const specs = [
    { ...point, data: { values: [null] } },
    { ...point, data: { values: 5 } },
    { ...point, data: { values: [{ a: 1, rev: { toString: 1 } }] } },
    { ...point, data: { url: "file://example.org/data.json" } },
    { data: { values: [{}] }, mark: { type: "image", url: "file://example.org/image.png", width: 9, height: 9 } },
    { data: { values: [{}] }, mark: { type: "square", size: 5000, href: "https://example.org/" } },
    { data: { values: [{}] }, usermeta: { table: {}, embedOptions: { ast: false } } },
    null,
    [[5]],
  ];
  const figure = (id: string, spec: unknown) =>
    `<div id = "${id}"><script type = "text/javascript">var spec = ${JSON.stringify(spec)};\nvegaEmbed('#x', spec);</script></div>\n`;
  const image = (name: string, path: string) =>
    `<div\nid="image"\nstyle="">\n<p>${name}</p>\n\n<div\nstyle="">\n<p>main</p>\n<img src="${path}">\n</div>\n</div>\n`;
  const imitated = specs.map((spec, i) => figure(`i${i}`, spec)).join("\n");
  const name = `plots/</p>\n<div style="">\n<p>x</p>\n<img src="//example.org/x.png">\n</div>\n</div>\n${imitated}/a.png`;
  const good = figure("good", { ...point, data: { values: [{ a: 1, rev: "main" }] } });
  await inBrowser(async (open) => {
    const { page, faults } = await open(pageOf(t, `${good}\n${image(name, "static/a.png")}`));
    await page.waitForSelector("html[data-drawn]", { state: "attached", timeout: 30_000 });
    const seen = (await page.evaluate(LOOK)) as Seen;
    assert.ok(seen.drawn.includes("good"));
    assert.deepEqual([seen.revisions, seen.hurt], [["main"], false]);
    const addresses = (await page.evaluate(
      `[...document.querySelectorAll("img, image, a")].flatMap((element) => ["src", "href", "xlink:href"].map((name) => element.getAttribute(name)))`,
    )) as (string | null)[];
    assert.ok(addresses.includes(".///example.org/x.png"), "an image lies below the page's folder, whatever its name");
    assert.deepEqual(
      addresses.filter((address) => /^(\w+:)?\/\//.test(address ?? "")),
      [],
    );
    await page.click("#i5 svg");
    assert.match(page.url(), /^file:.*index\.html#?$/);
    assert.deepEqual(
      faults.filter((fault) => /^(request|dialog)|Content Security Policy/.test(fault)),
      [],
    );
  });
});

test("the second wall: were the text taken for HTML, the page's policy would let none of it run or be fetched", {
  ...withBrowser,
  timeout: 60_000,
}, async (t) => {
  const text = [
    `<script>${HURT}</script><img src=x onerror="${HURT}"><svg onload="${HURT}"></svg>`,
    `<iframe srcdoc="<script>parent.hurt=1</script>"></iframe><a id="link" href="javascript:hurt=1">x</a>`,
    `<script src="data:text/javascript,hurt=1"></script><img src="http://example.org/x.png"><object data="data:text/html,x"></object>`,
    `<link rel="stylesheet" href="http://example.org/x.css"><base href="http://example.org/">`,
  ].join("\n");
  await inBrowser(async (open) => {
    const { page, faults } = await open(pageOf(t, text, (page) => page.replace("<plaintext hidden>", "")));
    await page.click("#link");
    await page.waitForTimeout(500);
    assert.equal(await page.evaluate(`"hurt" in window || document.baseURI.startsWith("http")`), false);
    assert.ok(!faults.some((fault) => fault.startsWith("dialog")));
    for (const directive of ["script-src", "img-src", "style-src", "base-uri", "default-src"])
      assert.ok(
        faults.some((fault) => fault.includes(`Content Security Policy directive: "${directive}`)),
        `${directive}\n${faults.join("\n")}`,
      );
  });
});
