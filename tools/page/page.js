// @ts-nocheck: runs in a browser, whose types would leak into the programs of Node.

/*
 * Draws the figures that DVC wrote into the page. All are read before the first is drawn, so that a revision has one colour in all of
 * them, also where one lacks it, and everything is drawn in the colours that the reader's system asks for.
 */
(() => {
  /** Okabe and Ito's colours, told apart with any colour vision, as in the templates: https://jfly.uni-koeln.de/color/ */
  const COLORS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#999999"];

  /** What a reviewer looks at first, by the ends of the files' names; all others come after, in DVC's order. */
  const ORDER = ["run.json", "history.json", "poison.json", "training.png", "poisoned-images.jpg", "confusion.json"];

  const embed = window.vegaEmbed;
  const dark = matchMedia("(prefers-color-scheme: dark)");
  let figures = [];

  /** Whatever the specifications are: an image's name can imitate one, and must not keep the others from being drawn. */
  const revisionsOf = (specs) => {
    const rows = specs.flatMap((spec) => (Array.isArray(spec?.data?.values) ? spec.data.values : []));
    return [...new Set(rows.map((row) => row?.rev).filter((rev) => typeof rev === "string"))];
  };

  /** What the templates have in black on white, for who draws them without this page, in the colours of its style sheet. */
  const PAPER = { "#000000": "--ink", "#f5f5f5": "--card" };

  const styled = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  /** Gives each revision its colour, wherever in a spec colour stands for the revision, and paper and ink theirs. */
  function paint(part, colors) {
    if (typeof part !== "object" || part === null) return;
    if (part.color?.field === "rev") {
      part.color.scale = { domain: [...colors.keys()], range: [...colors.values()] };
    }
    for (const key of ["color", "fill"]) if (Object.hasOwn(PAPER, part[key])) part[key] = styled(PAPER[part[key]]);
    for (const [key, child] of Object.entries(part)) if (key !== "values") paint(child, colors);
  }

  /** Room beside the panels of a figure, between them, and the narrowest of these, px; a window this narrow has one column. */
  const ROOM = { beside: 220, between: 24, least: 84, narrow: 700 };

  /** So many classes have a confusion matrix with room in its cells. */
  const ROOMY = 12;

  /** Makes a figure as narrow as the window needs: panels smaller or below one another, the title in lines. Beyond that it scrolls. */
  function fit(figure) {
    const narrow = innerWidth < ROOM.narrow;
    if (figure.title?.text) figure.title.text = lines(figure.title.text, Math.floor((innerWidth - 90) / 8));
    if (narrow && figure.hconcat) {
      figure.vconcat = figure.hconcat;
      delete figure.hconcat;
    }
    for (const view of [figure, ...(figure.vconcat ?? [])])
      if (narrow && typeof view.width === "number") view.width = Math.min(view.width, innerWidth - 155);
    fitColumns(figure);
    fitCells(figure);
  }

  /** Panels that stand side by side, one a class. */
  function fitColumns({ facet, spec, data }) {
    const column = facet?.column?.field;
    if (column === undefined || typeof spec?.width !== "number" || !Array.isArray(data?.values)) return;
    const panels = new Set(data.values.map((row) => row?.[column])).size;
    const wide = Math.floor((innerWidth - ROOM.beside) / panels) - ROOM.between;
    spec.width = Math.min(spec.width, Math.max(ROOM.least, wide));
    if (spec.width < 140 && spec.encoding?.x) {
      spec.encoding.x.title = null; // one a panel: they would lie on each other
      spec.encoding.x.axis = { ...spec.encoding.x.axis, values: [0, 0.5, 1] };
    }
  }

  /** Matrices that stand side by side, one a revision. */
  function fitCells(figure) {
    const { columns, spec, data } = figure;
    if (typeof columns !== "number" || typeof spec?.width?.step !== "number" || !Array.isArray(data?.values)) return;
    const cells = new Set(data.values.map((row) => row?.[spec.encoding?.x?.field])).size;
    if (cells > ROOMY) {
      spec.width.step = 44;
      spec.height.step = 30;
      spec.encoding.x.axis = { ...spec.encoding.x.axis, labelAngle: -90 };
      for (const { mark } of spec.layer ?? [])
        if (mark?.fontSize) Object.assign(mark, { fontSize: 9, lineHeight: 10, dy: -4 });
    }
    const wide = cells * spec.width.step + ROOM.between;
    figure.columns = Math.max(1, Math.min(columns, Math.floor((innerWidth - ROOM.beside) / wide)));
  }

  /** A text in lines of at most so many characters. */
  function lines(text, most) {
    const found = [""];
    for (const word of String(text).split(" ")) {
      const line = `${found.at(-1)} ${word}`.trim();
      if (line.length <= most || found.at(-1) === "") found[found.length - 1] = line;
      else found.push(word);
    }
    return found.length === 1 ? found[0] : found;
  }

  /** What a figure shows, for who does not see it. */
  function describe({ title, data }) {
    const text = typeof title === "string" ? title : (title?.text ?? "");
    return `${text}, of ${revisionsOf([{ data }]).join(", ")}. Its numbers: the figure's menu saves them, and the files under plots hold them.`;
  }

  /** Vega's configuration in the colours of the page's style sheet. */
  function theme() {
    const [ink, soft, line, grid] = ["--ink", "--soft", "--line", "--grid"].map(styled);
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
      legend: {
        ...(innerWidth < ROOM.narrow && {
          ...{ orient: "bottom", columns: 2 },
          layout: { bottom: { direction: "vertical", anchor: "start" } },
        }),
        labelColor: ink,
        titleColor: soft,
        labelFontSize: 11,
        titleFontSize: 11,
        titleFontWeight: "normal",
      },
      header: { labelColor: ink, titleColor: soft, labelFontSize: 12 },
      title: { color: ink, fontSize: 14, subtitleColor: soft },
      style: { "guide-label": { fill: ink } },
      view: { stroke: grid },
      text: { color: ink },
    };
  }

  const make = (tag, text, properties = {}) =>
    Object.assign(document.createElement(tag), { textContent: text ?? "", ...properties });

  /** So many rows of a table are seen at once: every class has two. */
  const ROWS = 40;

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
      const names = [...new Set(rows.map((row) => row[table.name]))];
      const fill = (body, some) => {
        for (const name of some) {
          const texts = revisions.map(
            (rev) => rows.find((row) => row.rev === rev && row[table.name] === name)?.[table.value] ?? "",
          );
          const line = body.insertRow();
          line.append(make("th", name, { scope: "row" }));
          for (const text of texts) line.append(make("td", text, { className: text === texts[0] ? "" : "differs" }));
        }
      };
      fill(element.createTBody(), names.slice(0, ROWS));
      const more = make("details");
      if (names.length > ROWS) {
        const rest = make("table");
        fill(rest.createTBody(), names.slice(ROWS));
        more.append(make("summary", `${names.length - ROWS} more`), rest);
      }
      const both = make("div");
      both.append(element, ...(names.length > ROWS ? [more] : []));
      tables.append(both);
    }
    return [make("h2", title?.text ?? ""), tables];
  }

  /** What the pictures of the plot stage show, by their files' names. */
  const PICTURES = {
    "training.png": "Loss and accuracy over the epochs, training and validation",
    "training.jpg": "", // the same picture
    "poisoned-images.jpg": "The images whose training label is not their own, with true and given label",
    "wrong-predictions.jpg": "The validation images that the model gets most wrong, with true label and prediction",
  };

  /** The images of a revision each, below the revision's name; each leads to its file. */
  function picture({ name, images }) {
    const file = name.split("/").at(-1);
    const shown = Object.hasOwn(PICTURES, file) ? PICTURES[file] : name;
    if (shown === "") return [];
    const row = make("div", "", { className: "images" });
    for (const { revision, path } of images) {
      const item = make("figure");
      // DVC writes the file's path below the page's folder, which is no address: it may hold `#`, `?` and `%`, or begin as a server's.
      const src = path.startsWith("data:") ? path : `./${path.split("/").map(encodeURIComponent).join("/")}`;
      const link = make("a", "", { href: src });
      const image = make("img", "", { src, alt: `${shown}: ${revision}`, className: images.length > 1 ? "small" : "" });
      image.addEventListener("error", () =>
        link.after(make("p", `${path} is not beside this page: pass it on with its folder.`, { className: "missing" })),
      );
      link.append(image);
      item.append(make("figcaption", revision), link);
      row.append(item);
    }
    return [make("h2", shown), row];
  }

  /** Says in a figure's place why it is not there. */
  const excuse = (id, fault) => [make("h2", id), make("p", `This figure cannot be drawn: ${fault}.`)];

  async function drawFigure({ id, element, spec, images, name, fault }, colors, options) {
    element.className = spec?.usermeta?.table || images ? "wide" : "";
    if (fault !== undefined) return element.replaceChildren(...excuse(id, fault));
    if (images) return element.replaceChildren(...picture({ name, images }));
    if (spec.usermeta?.table) return element.replaceChildren(...tabulate(spec));
    const { $schema: _older, usermeta: _options, ...painted } = structuredClone(spec);
    const present = revisionsOf([spec]);
    paint(painted, new Map([...colors].filter(([rev]) => present.includes(rev))));
    fit(painted);
    painted.description = describe(spec);
    await embed(element, painted, options);
    // Two stand side by side; one that is larger than half the window has a row of its own.
    if (element.querySelector("svg").clientWidth > element.clientWidth) element.classList.add("wide");
    element.tabIndex = 0; // a figure that is wider than the window scrolls by keyboard
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
    // DVC's ids of figures are paths with `_` for what is no word.
    const fileOf = ({ id, name }) => name ?? id.replace(/_([a-z]+)$/, ".$1");
    const place = (figure) => ORDER.findIndex((end) => fileOf(figure).endsWith(end)) + 1 || ORDER.length + 1;
    figures = readFigures(document.querySelector("plaintext").textContent)
      .map((figure) => ({ ...figure, element: make("div", "", { id: figure.id }) }))
      .sort((a, b) => place(a) - place(b));
    document.querySelector("main").append(...figures.map(({ element }) => element));
    return draw();
  });
  dark.addEventListener("change", draw);
  let before = innerWidth;
  addEventListener("resize", () => {
    if (innerWidth === before) return;
    before = innerWidth;
    draw();
  });
})();
