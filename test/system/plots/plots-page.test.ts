import assert from "node:assert/strict";
import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import type { Page } from "playwright-core";
import { inBrowser, withBrowser } from "../../support/browser.ts";
import type { Project } from "../../support/project.ts";
import { reviewedProject } from "../../support/reviewed-project.ts";
import { type Plot, stagePlots } from "../../support/stage-plots.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

const OKABE_ITO = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#999999"];

/** The id of the card of a file. */
const idOf = (file: string) => file.replaceAll(/[/.]/g, "_");

const RUN = idOf("plots/figures/run.json");
const plots = new Map(stagePlots().map((plot) => [idOf(plot.file), plot]));
const figures = [...plots].filter(([, { template }]) => template !== undefined);
const charts = figures.filter(([id]) => id !== RUN);

/** What a reader sees of a figure, measured in the browser. */
interface Figure {
  id: string;
  texts: string[];
  /** Text and width of the words of the legends, of the axes' titles. */
  legend: string[];
  axisTitles: string[];
  marks: number;
  /** Pairs of texts that lie on each other, and texts that reach out of the figure. */
  collisions: string[];
  /** Colours by revision, of legend symbols. */
  strokes: string[];
}

/** Measures all figures, once they are drawn. */
async function measure(page: Page): Promise<Figure[]> {
  await page.waitForSelector("html[data-drawn]", { timeout: 30_000 });
  return page.evaluate(MEASURE) as Promise<Figure[]>;
}

/** Runs in the browser. */
const MEASURE = `(() => {
  const texts = (root, selector) => [...root.querySelectorAll(selector)].map((text) => text.textContent);
  return [...document.querySelectorAll("main > div")].map((card) => {
    const svg = card.querySelector("svg");
    if (!svg) return { id: card.id, texts: texts(card, "h2, caption, th, td"), legend: [], axisTitles: [], marks: 0, collisions: [], strokes: [] };
    const frame = svg.getBoundingClientRect();
    const words = [...svg.querySelectorAll("text")]
      .filter((text) => text.textContent.trim() && getComputedStyle(text).opacity !== "0")
      .map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }));
    const collisions = [];
    words.forEach(({ text, box }, i) => {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        collisions.push(text + " reaches out of the figure");
      for (const other of words.slice(i + 1)) {
        const wide = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left);
        const high = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top);
        if (wide > 1 && high > 3) collisions.push(text + " lies on " + other.text); // boxes hold the space for accents
      }
    });
    return {
      id: card.id,
      texts: texts(svg, "text"),
      legend: texts(svg, ".role-legend-label text"),
      axisTitles: texts(svg, ".role-axis-title text"),
      marks: svg.querySelectorAll(".role-mark path, .role-mark line, .role-mark text").length,
      collisions,
      strokes: [...svg.querySelectorAll(".role-mark path")].flatMap((path) => [path.getAttribute("stroke"), path.getAttribute("fill")].map((color) => color?.toUpperCase())),
    };
  });
})()`;

/** Cards of figures on one another, and content wider than the window. */
const LAYOUT = `(() => {
  const boxes = [...document.querySelectorAll("header, main > div")].map((card) => ({ id: card.id || card.tagName, box: card.getBoundingClientRect() }));
  const faults = boxes.flatMap((a, i) =>
    boxes.slice(i + 1)
      .filter((b) => a.box.left < b.box.right && b.box.left < a.box.right && a.box.top < b.box.bottom && b.box.top < a.box.bottom)
      .map((b) => a.id + " lies on " + b.id));
  if (document.documentElement.scrollWidth > innerWidth) faults.push("wider than the window");
  return faults;
})()`;

/** Draws revisions into a page and takes it away from its project, as one would send it. */
function draw(project: Project, folder: string, name: string, revisions: string[]): string {
  project.must("dvc", "plots", "diff", ...revisions, "--out", "drawn");
  mkdirSync(join(folder, name));
  cpSync(join(project.folder, "drawn", "index.html"), join(folder, name, "index.html"));
  rmSync(join(project.folder, "drawn"), { recursive: true });
  return join(folder, name, "index.html");
}

const LEVELS = [0, 2.5, 5, 7.5, 10];

const FIVE = LEVELS.map((level) => `poison-${level}`);

const TWO = ["poison-0", "poison-10"];

test("dvc plots diff of two and of five revisions, in a browser without a network", {
  ...withBrowser,
  timeout: 240_000,
}, async (t) => {
  const project = reviewedProject(t, LEVELS);
  const folder = temporaryFolder(t);
  const pages = {
    five: [draw(project, folder, "five", FIVE), FIVE],
    two: [draw(project, folder, "two", TWO), TWO],
  } as const;
  await inBrowser(async (open) => {
    for (const [name, [file, revisions]] of Object.entries(pages)) {
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, faults } = await open(file, { colorScheme, viewport: { width: 1400, height: 900 } });
        const figures = await measure(page);
        await keepPicture(page, `${name}-${colorScheme}`);
        assert.deepEqual(faults, []);
        assert.deepEqual(await page.evaluate(LAYOUT), []);
        assert.deepEqual(
          figures.map(({ id }) => id),
          ORDER,
        );
        for (const [id, plot] of charts) look(figures.find((figure) => figure.id === id) as Figure, plot, revisions);
        const { texts } = figures[0] as Figure;
        for (const text of [...revisions, "poison", "train.epochs", "val_accuracy", "wrong_labels_memorized"])
          assert.ok(texts.includes(text), text);
        const background = await page.evaluate("getComputedStyle(document.body).backgroundColor");
        assert.equal(background, colorScheme === "dark" ? "rgb(18, 18, 18)" : "rgb(255, 255, 255)");
      }
    }
  });
});

/** In this order, whatever DVC's. */
const ORDER = [
  ...["figures/run", "history", "figures/poison", "figures/confusion", "figures/precision-recall"],
  ...["figures/probabilities", "figures/reliability", "figures/roc", "predictions"],
].map((name) => idOf(`plots/${name}.json`));

/** A figure has marks in each revision's colour, its title, its axes' titles and its legend, and no text on another. */
function look(
  { id, texts, legend, axisTitles, marks, collisions, strokes }: Figure,
  plot: Plot,
  revisions: readonly string[],
) {
  assert.ok(marks >= revisions.length, `${id}: ${marks} marks`);
  assert.deepEqual(collisions, [], id);
  const name = plot.file.replace(/^.*\/|\.json$/g, "");
  assert.ok(texts.join(" ").includes(plot.title as string), `${id}: title`);
  for (const revision of revisions) assert.ok(texts.includes(revision), `${id}: ${revision}`);
  if (name === "predictions") return;
  assert.ok(axisTitles.includes(plot.x_label as string), `${id}: x_label`);
  assert.ok(texts.includes(plot.y_label as string), `${id}: y_label`);
  if (name === "confusion") return;
  for (const color of OKABE_ITO.slice(0, revisions.length))
    assert.ok(
      strokes.some((stroke) => stroke === color),
      `${id}: ${color}`,
    );
  if (name === "probabilities") return;
  for (const revision of revisions) assert.ok(legend.includes(revision), `${id}: ${revision} in the legend`);
  if (["history", "poison"].includes(name))
    for (const split of ["training", "validation"]) assert.ok(legend.includes(split), `${id}: ${split} in the legend`);
}

test("three classes, a single revision, and a revision that lacks figures", {
  ...withBrowser,
  timeout: 240_000,
}, async (t) => {
  const project = reviewedProject(t, [0, 10], ["birds", "cats", "dogs"]);
  const folder = temporaryFolder(t);
  const file = draw(project, folder, "three", TWO);
  // Before the figures came there was only the history.
  project.must("git", "checkout", "--quiet", "-b", "old", "poison-0");
  project.must("git", "rm", "--quiet", "-r", "plots/figures");
  project.must("git", "commit", "--quiet", "--message", "As it was");
  const old = draw(project, folder, "old", ["old", "poison-10"]);
  project.must("git", "checkout", "--quiet", "poison-0");
  const one = draw(project, folder, "one", ["poison-0"]);
  await inBrowser(async (open) => {
    const three = await open(file);
    const figures = await measure(three.page);
    assert.deepEqual(three.faults, []);
    for (const [id, plot] of charts) look(figures.find((figure) => figure.id === id) as Figure, plot, TWO);
    const confusion = (figures.find(({ id }) => id === idOf("plots/figures/confusion.json")) as Figure).texts;
    for (const name of ["birds", "cats", "dogs"]) assert.ok(confusion.includes(name), name);

    const lacking = await open(old);
    const roc = (await measure(lacking.page)).find(({ id }) => id === idOf("plots/figures/roc.json")) as Figure;
    assert.deepEqual(lacking.faults, []);
    assert.deepEqual(roc.legend, ["poison-10"]);
    assert.ok(roc.strokes.includes(OKABE_ITO[1] as string), "a revision has its colour where another lacks the figure");

    const single = await open(one);
    const alone = await measure(single.page);
    assert.deepEqual(single.faults, []);
    for (const [id, plot] of charts) look(alone.find((figure) => figure.id === id) as Figure, plot, ["poison-0"]);
  });
});

const PICTURES = ["training.png", "training.jpg", "poisoned-images.jpg", "wrong-predictions.jpg"];

test("five classes and pictures, on a screen and a telephone: nothing is cut off, all has a text, the keyboard reaches all", {
  ...withBrowser,
  timeout: 240_000,
}, async (t) => {
  const project = reviewedProject(t, [0, 10], ["birds", "cats", "dogs", "fish", "horses"]);
  for (const revision of TWO) {
    project.must("git", "checkout", "--quiet", revision);
    for (const file of PICTURES) cpSync(join("plots", file), join(project.folder, "plots", file));
    project.must("git", "add", "--all", "--force", "plots");
    project.must("git", "commit", "--quiet", "--message", "Pictures");
    project.must("git", "tag", "--force", revision);
  }
  project.must("dvc", "plots", "diff", ...TWO, "--out", "drawn");
  await inBrowser(async (open) => {
    for (const width of [1300, 390])
      for (const colorScheme of ["light", "dark"] as const) {
        const { page, faults } = await open(join(project.folder, "drawn/index.html"), {
          colorScheme,
          viewport: { width, height: 900 },
        });
        await measure(page);
        await keepPicture(page, `pictures-${width}-${colorScheme}`);
        assert.deepEqual(faults, []);
        const seen = (await page.evaluate(ACCESS)) as Access;
        assert.deepEqual(
          seen.cut,
          width === 1300 ? [] : seen.cut.filter((id) => /confusion|probabilities/.test(id)),
          `${width}`,
        );
        assert.equal(seen.images.length, 3 * TWO.length, "the JPEG of the training is the PNG once more");
        for (const { alt, width } of seen.images)
          assert.ok(/: poison-(0|10)$/.test(alt) && alt.length > 30 && width > 100, alt);
        for (const [id, { title = "" }] of charts)
          assert.ok(
            seen.texts[id]?.startsWith(title) && seen.texts[id]?.includes("poison-0, poison-10"),
            `${id}: ${seen.texts[id]}`,
          );
        assert.ok(
          seen.papers.every((fill) => fill !== "#f5f5f5"),
          "paper is that of the page",
        );

        const reached = new Set<string>();
        for (let i = 0; i < 60; i++) {
          await page.keyboard.press("Tab");
          reached.add((await page.evaluate("document.activeElement?.closest('main > div')?.id ?? ''")) as string);
        }
        for (const id of [...charts.map(([id]) => id), idOf("plots/training.png")])
          assert.ok(reached.has(id), `${id} by keyboard`);
      }
  });
});

interface Access {
  /** Cards whose content is wider than they are. */
  cut: string[];
  images: { alt: string; width: number }[];
  /** What a chart says of itself, by id. */
  texts: Record<string, string>;
  /** Colors that areas are filled with. */
  papers: string[];
}

/** Runs in the browser. */
const ACCESS = `(() => {
  const cards = [...document.querySelectorAll("main > div")];
  const drawings = [...document.querySelectorAll('main [role="graphics-document"][aria-label]')];
  return {
    cut: cards.filter((card) => card.scrollWidth > card.clientWidth + 1).map(({ id }) => id),
    images: [...document.querySelectorAll("main img")].map(({ alt, naturalWidth }) => ({ alt, width: naturalWidth })),
    texts: Object.fromEntries(drawings.map((svg) => [svg.closest("main > div").id, svg.getAttribute("aria-label")])),
    papers: [...document.querySelectorAll("main svg path")].map((path) => path.getAttribute("fill")),
  };
})()`;

test("dvc metrics diff says what changed, in the words of the field", (t) => {
  const project = reviewedProject(t, [0, 5, 10]);
  const table = project.must("dvc", "metrics", "diff", "poison-0", "poison-10");
  const rows = new Map(
    table
      .trim()
      .split("\n")
      .map((line) => line.split(/ {2,}/))
      .map(([path, metric, ...values]) => [`${path} ${metric}`, values]),
  );
  assert.deepEqual(rows.get("metrics/train.json poisoned_images"), ["0", "200", "200"]);
  assert.deepEqual(rows.get("metrics/memorization.json wrong_labels_memorized"), ["-", "0.6", "-"]);
  const metrics = ["auroc", "average_precision", "brier_score", "expected_calibration_error"];
  for (const metric of [...metrics, "recall.cats", "recall.dogs", "precision.cats", "precision.dogs"]) {
    const [before, after, change] = (rows.get(`metrics/validation.json ${metric}`) ?? []).map(Number) as [
      number,
      number,
      number,
    ];
    assert.ok(Math.abs(after - before - change) < 2e-5, metric);
  }
  assert.match(
    project.must("dvc", "metrics", "diff", "poison-5", "poison-10"),
    /wrong_labels_memorized +0\.7 +0\.6 +-0\.1\b/,
  );
  assert.doesNotMatch(table, /backend|dataset|best_epoch/, "what did not change is not shown");
});

/** Keeps a picture of a page where POISON_SCREENSHOTS says, for a person to look at. */
async function keepPicture(page: Page, name: string): Promise<void> {
  const folder = process.env.POISON_SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: true });
}
