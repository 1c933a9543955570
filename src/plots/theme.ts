const INK = { soft: "#595959", line: "#bdbdbd", grid: "#ebebeb" };

/** Colour of text that is read first. */
export const STRONG = "#1a1a1a";

/** What is compared in every chart, in this order. */
export const SERIES = ["training", "validation"];

/** Okabe and Ito's colours, told apart with any colour vision: https://jfly.uni-koeln.de/color/. Dash and point differ as well. */
const RANGES = {
  color: ["#0072B2", "#D55E00"],
  strokeDash: [[6, 4], []], // an empty one is a solid line
  shape: ["circle", "triangle-up"],
};

/** A channel that tells the series apart. */
export const bySeries = (channel: keyof typeof RANGES) => ({
  field: "series",
  type: "nominal",
  scale: { domain: SERIES, range: RANGES[channel] },
  legend: null,
});

export const LINE = { type: "line", strokeWidth: 2 };
export const POINT = { type: "point", filled: true, size: 50, opacity: 1 };
export const RING = { type: "point", filled: false, shape: "circle", size: 170, strokeWidth: 1.5, opacity: 1 };

/** Vega-Lite's configuration for every chart. */
export const CONFIG = {
  font: "DejaVu Sans, Verdana, sans-serif", // rendering brings the first along; the others are for SVG in a browser
  view: { stroke: null },
  title: {
    anchor: "start",
    frame: "group",
    color: STRONG,
    fontSize: 14,
    offset: 12,
    subtitleColor: INK.soft,
    subtitleFontSize: 11,
    subtitlePadding: 5,
  },
  axis: {
    domainColor: INK.line,
    tickColor: INK.line,
    gridColor: INK.grid,
    labelColor: INK.soft,
    labelFontSize: 11,
    titleColor: INK.soft,
    titleFontSize: 12,
    titleFontWeight: "normal",
  },
};
