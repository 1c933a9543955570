// @ts-nocheck: runs in a browser, whose types would leak into the programs of Node.

/*
 * Draws the figures that DVC wrote into the page. All are read before the first is drawn, so that a revision has one colour in all of
 * them, also where one lacks it, and everything is drawn in the colours that the reader's system asks for.
 */
(() => {
  /** Okabe and Ito's colours, told apart with any colour vision, as in the templates: https://jfly.uni-koeln.de/color/ */
  const COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#999999"];

  const embed = window.vegaEmbed;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let figures = [];

  /** Whatever the specifications are: an image's name can imitate one, and must not keep the others from being drawn. */
  const revisionsOf = (specs) => {
    const rows = specs.flatMap((spec) => (Array.isArray(spec?.data?.values) ? spec.data.values : []));
    return [...new Set(rows.map((row) => row?.rev).filter((rev) => typeof rev === "string"))];
  };

  /** Gives each revision its colour, wherever in a spec colour stands for the revision. */
  function paint(part, colors) {
    if (typeof part !== "object" || part === null) return;
    if (part.color?.field === "rev") {
      part.color.scale = { domain: [...colors.keys()], range: [...colors.values()] };
    }
    for (const child of Object.values(part)) paint(child, colors);
  }

  /** Vega's configuration in the colours of the page's style sheet. */
  function theme() {
    const style = getComputedStyle(document.documentElement);
    const [ink, soft, line, grid] = ["ink", "soft", "line", "grid"].map((name) =>
      style.getPropertyValue(`--${name}`).trim(),
    );
    return {
      background: "transparent",
      font: 'system-ui, "DejaVu Sans", sans-serif',
      axis: {
        labelColor: soft,
        titleColor: soft,
        titleFontSize: 12,
        titleFontWeight: "normal",
        titlePadding: 8,
        labelFontSize: 11,
        domainColor: line,
        tickColor: line,
        gridColor: grid,
      },
      legend: { labelColor: ink, titleColor: soft, labelFontSize: 11, titleFontSize: 11, titleFontWeight: "normal" },
      header: { labelColor: ink, titleColor: soft, labelFontSize: 12 },
      title: { color: ink, fontSize: 14, subtitleColor: soft },
      style: { "guide-label": { fill: ink } },
      view: { stroke: grid },
    };
  }

  const make = (tag, text, properties = {}) =>
    Object.assign(document.createElement(tag), { textContent: text ?? "", ...properties });

  /** A table with a column a revision; what differs from the first of them is marked. */
  function tabulate({ data: { values }, title, usermeta: { table } }) {
    const revisions = revisionsOf([{ data: { values } }]);
    const tables = make("div", "", { className: "tables" });
    for (const group of new Set(values.map((row) => row[table.group]))) {
      const rows = values.filter((row) => row[table.group] === group);
      const element = make("table");
      element.append(make("caption", group));
      const head = element.createTHead().insertRow();
      for (const text of ["", ...revisions]) head.append(make("th", text, { scope: "col" }));
      const body = element.createTBody();
      for (const name of new Set(rows.map((row) => row[table.name]))) {
        const texts = revisions.map(
          (rev) => rows.find((row) => row.rev === rev && row[table.name] === name)?.[table.value] ?? "",
        );
        const line = body.insertRow();
        line.append(make("th", name, { scope: "row" }));
        for (const text of texts) line.append(make("td", text, { className: text === texts[0] ? "" : "differs" }));
      }
      tables.append(element);
    }
    return [make("h2", title?.text ?? ""), tables];
  }

  /** The images of a revision each, below the revision's name. */
  function picture({ name, images }) {
    const row = make("div", "", { className: "images" });
    for (const { revision, path } of images) {
      const item = make("figure");
      // DVC writes the file's path below the page's folder, which is no address: it may hold `#`, `?` and `%`, or begin as a server's.
      const src = path.startsWith("data:") ? path : `./${path.split("/").map(encodeURIComponent).join("/")}`;
      item.append(make("figcaption", revision), make("img", "", { src, alt: `${name} of ${revision}` }));
      row.append(item);
    }
    return [make("h2", name), row];
  }

  /** Says in a figure's place why it is not there. */
  const excuse = (id, fault) => [make("h2", id), make("p", `This figure cannot be drawn: ${fault}.`)];

  async function drawFigure({ id, element, spec, images, name, fault }, colors, options) {
    element.className = spec?.usermeta?.table ? "table" : "";
    if (fault !== undefined) return element.replaceChildren(...excuse(id, fault));
    if (images) return element.replaceChildren(...picture({ name, images }));
    if (spec.usermeta?.table) return element.replaceChildren(...tabulate(spec));
    const { $schema: _older, usermeta: _options, ...painted } = structuredClone(spec);
    const present = revisionsOf([spec]);
    paint(painted, new Map([...colors].filter(([rev]) => present.includes(rev))));
    await embed(element, painted, options);
  }

  async function draw() {
    // In DVC's order, which the figure shows that most revisions have.
    const specs = figures
      .flatMap(({ spec }) => spec ?? [])
      .sort((a, b) => revisionsOf([b]).length - revisionsOf([a]).length);
    const revisions = revisionsOf(specs);
    const colors = new Map(revisions.map((rev, i) => [rev, COLORS[i % COLORS.length]]));
    document.querySelector("#revisions").replaceChildren(
      ...revisions.map((rev) => {
        const item = make("li", rev);
        item.style.setProperty("--color", colors.get(rev));
        return item;
      }),
    );
    const nothing = () => Promise.reject(new Error("the page loads and links nothing"));
    const options = {
      mode: "vega-lite",
      ast: true, // The page's policy forbids to make code of text, so Vega interprets its expressions.
      renderer: "svg",
      loader: { load: nothing, sanitize: nothing, http: nothing, file: nothing },
      actions: { export: true, source: false, compiled: false, editor: false },
      tooltip: { theme: dark.matches ? "dark" : "light" },
      config: theme(),
    };
    for (const figure of figures) {
      await drawFigure(figure, colors, options).catch((error) =>
        figure.element.replaceChildren(...excuse(figure.id, error.message)),
      );
    }
    document.documentElement.dataset.drawn = dark.matches ? "dark" : "light";
  }

  document.addEventListener("DOMContentLoaded", () => {
    figures = readFigures(document.querySelector("plaintext").textContent).map((figure) => ({
      ...figure,
      element: make("div", "", { id: figure.id }),
    }));
    document.querySelector("main").append(...figures.map(({ element }) => element));
    return draw();
  });
  dark.addEventListener("change", draw);
})();
