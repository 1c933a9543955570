/*
 * Reads what DVC (dvc_render, pinned in scripts/python/) writes into the page: figures of Vega-Lite and rows of images.
 * It puts names in without escaping them, so the text is never taken for HTML. A specification is JSON on one line: whatever a name
 * within it holds, it ends where the line does. An image's name may hold line breaks, and so imitate other figures, which are drawn as
 * any other: a specification can neither run nor load anything.
 */

/** A `div` around a script: `var spec = JSON; vegaEmbed('#ID', spec);` */
const VEGA =
  /<div id = "([^<>]*)">\s*<script type = "text\/javascript">\s*var spec = (.*);\n\s*vegaEmbed\('#[^<>]*', spec\);\s*<\/script>\s*<\/div>/y;

/** `<div id="ID" style="…"> <p>NAME</p>`, then the images. */
const IMAGES = /<div\s+id="([^<>]*)"\s+style="[^"<>]*">\s*<p>(.*?)<\/p>\n(?=\s*<div\s+style="[^"<>]*">\s*<p>)/sy;

/** `<div style="…"> <p>REVISION</p> <img src="PATH"> </div>` */
const IMAGE = /\s*<div\s+style="[^"<>]*">\s*<p>(.*?)<\/p>\n\s*<img src="(.*?)">\n\s*<\/div>/sy;

/** Where a figure begins, or the end. */
const NEXT = /\n\s*(?=<div\s+id ?= ?")|$/g;

/**
 * @typedef {{ id: string, spec: any }} VegaFigure
 * @typedef {{ id: string, name: string, images: { revision: string, path: string }[] }} ImageFigure
 * @typedef {{ id: string, fault: string }} UnreadFigure
 */

/**
 * The figures in DVC's order. One that cannot be read is named, with the reason.
 *
 * @param {string} text
 * @returns {(VegaFigure | ImageFigure | UnreadFigure)[]}
 */
export function readFigures(text) {
  const figures = [];
  let at = 0;
  /** @param {RegExp} pattern */
  const take = (pattern) => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found) at = pattern.lastIndex;
    return found;
  };
  for (take(/\s*/y); at < text.length; take(/\s*/y)) {
    const vega = take(VEGA);
    const images = vega ? null : take(IMAGES);
    if (vega) figures.push(parseFigure(vega[1] ?? "", vega[2] ?? ""));
    else if (images) figures.push({ id: images[1] ?? "", name: images[2] ?? "", images: imagesOf(take) });
    else {
      const start = at;
      take(NEXT);
      const id = /^<div\s+id ?= ?"([^<>"]*)"/.exec(text.slice(start, at))?.[1] ?? "";
      figures.push({ id, fault: "it is not written as DVC writes figures" });
    }
  }
  return figures;
}

/** @param {(pattern: RegExp) => RegExpExecArray | null} take */
function imagesOf(take) {
  const images = [];
  for (let found = take(IMAGE); found; found = take(IMAGE))
    images.push({ revision: found[1] ?? "", path: found[2] ?? "" });
  take(/\s*<\/div>/y);
  return images;
}

/**
 * Vega keeps groups in plain objects, where a group named `constructor` or `__proto__` is there already: such a name gets a word
 * joiner in front, which nobody sees.
 *
 * @param {string} _key
 * @param {unknown} value
 */
const renamed = (_key, value) => (typeof value === "string" && value in Object.prototype ? `\u2060${value}` : value);

/**
 * @param {string} id
 * @param {string} json
 * @returns {VegaFigure | UnreadFigure}
 */
function parseFigure(id, json) {
  try {
    return { id, spec: JSON.parse(json, renamed) };
  } catch (error) {
    return { id, fault: error instanceof Error ? error.message : String(error) };
  }
}
