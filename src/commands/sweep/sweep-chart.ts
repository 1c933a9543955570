import type { TopLevelSpec } from "vega-lite";
import { bySeries, CONFIG, LINE, POINT, SERIES } from "../../plots/theme.ts";
import type { EpochMetrics } from "../../records/training/history.ts";
import type { LevelSummary, Result } from "./summary.ts";
import { oneSeed } from "./table.ts";

const PANEL = { width: 384, height: 260 };

/** The key, once, above the right panel. */
const legend = {
  orient: "bottom",
  title: null,
  direction: "horizontal",
  labelFontSize: 12,
  symbolSize: 90,
  symbolOpacity: 1,
};
const color = { ...bySeries("color"), legend };
const dash = { ...bySeries("strokeDash"), legend };
const shape = { ...bySeries("shape"), legend };

/** The key of lines: pieces long enough to tell dashes apart. */
const lines = { ...legend, symbolType: "stroke", symbolSize: 900, symbolStrokeWidth: 2 };

/** Accuracy and loss against poison: means joined by lines, 95 % intervals as bars, every seed as a point. */
export function sweepChart(
  results: readonly Result[],
  levels: readonly LevelSummary[],
  subtitle: string,
): TopLevelSpec {
  const panel = (title: string, [train, validation]: readonly ["accuracy" | "loss", "val_accuracy" | "val_loss"]) => {
    const keys = [train, validation] as const;
    const share = train === "accuracy";
    const points = results.flatMap((row) =>
      keys.map((key, i) => ({ level: row.level, series: SERIES[i], value: row[key] })),
    );
    const means = levels.flatMap((row) =>
      keys.map((key, i) => {
        const { mean, half_width } = row[key];
        return {
          level: row.level,
          series: SERIES[i],
          value: mean,
          low: Math.max(0, mean - (half_width ?? 0)), // neither share nor loss is below zero
          high: Math.min(share ? 1 : Number.MAX_VALUE, mean + (half_width ?? 0)),
        };
      }),
    );
    const x = {
      field: "level",
      type: "quantitative",
      title: "poison (% of training labels swapped)",
      scale: { nice: false, padding: 14 },
      axis: { values: levels.map((row) => row.level), labelExpr: "toString(datum.value)", grid: false },
    };
    const axis = share ? { labelExpr: "round(datum.value * 1000) / 10 + ' %'", tickCount: 6 } : { tickCount: 6 };
    const y = {
      field: "value",
      type: "quantitative",
      title: share ? "accuracy, last epoch (axis cut)" : "cross-entropy loss, last epoch",
      scale: { zero: !share, nice: 6 }, // a tick at the top of both: what stands there moves the title
      axis,
    };
    return {
      title,
      ...PANEL,
      resolve: { legend: { strokeDash: "independent" } }, // else the key's symbols are dashed too
      layer: [
        { data: { values: points }, mark: { ...POINT, size: 22, opacity: 0.35 }, encoding: { x, y, color, shape } },
        {
          data: { values: means },
          mark: { type: "rule", strokeWidth: 1.5 },
          encoding: { x, y: { ...y, field: "low" }, y2: { field: "high" }, color },
        },
        { data: { values: means }, mark: LINE, encoding: { x, y, color, strokeDash: { ...dash, legend: null } } },
        { data: { values: means }, mark: { ...POINT, size: 70 }, encoding: { x, y, color, shape } },
      ],
    };
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 20,
    title: {
      text: "What poisoned labels do",
      subtitle: [oneSeed(levels) || "mean over seeds, 95 % interval, every seed as a small point", subtitle],
      fontSize: 16,
      subtitleFontSize: 12,
      offset: 16,
    },
    hconcat: [panel("Accuracy", ["accuracy", "val_accuracy"]), panel("Loss", ["loss", "val_loss"])],
    spacing: 60,

    config: CONFIG,
  } as TopLevelSpec;
}

/** The training curves of every level as small multiples, accuracy above loss, all on the same scales. */
export function curvesChart(
  histories: readonly { level: number; history: readonly EpochMetrics[] }[],
  subtitle: string,
): TopLevelSpec {
  const multiple = (
    level: number,
    history: readonly EpochMetrics[],
    keys: readonly (keyof EpochMetrics)[],
    first: boolean,
    top: boolean,
  ) => {
    const share = keys[0] === "accuracy";
    const values = history.flatMap((row) =>
      keys.map((key, i) => ({ epoch: row.epoch, series: SERIES[i], value: row[key] })),
    );
    const all = histories.flatMap((entry) => entry.history.flatMap((row) => keys.flatMap((key) => row[key] ?? [])));
    const low = Math.floor(Math.min(...all) * 20) / 20;
    // A little above 100 %: its label would stick out of the first panel and lift that title above the others.
    const domain = share ? [low, 1 + (1 - low) / 12] : [0, Math.max(...all) * 1.05];
    const axis = { labels: first, ticks: first, ...(share && { labelExpr: "round(datum.value * 100) + ' %'" }) };
    const y = {
      field: "value",
      type: "quantitative",
      title: first ? keys[0] : null,
      scale: { domain, nice: false },
      axis,
    };
    const x = {
      field: "epoch",
      type: "quantitative",
      title: top ? null : "epoch",
      scale: { nice: false, padding: 6 },
      axis: { tickMinStep: 1, format: "d", grid: false, tickCount: 5 },
    };
    return {
      ...(top && { title: { text: `${level} %`, fontSize: 13 } }),
      width: 132,
      height: 130,
      data: { values },
      mark: LINE,
      encoding: { x, y, color: { ...color, legend: lines }, strokeDash: { ...dash, legend: lines } },
    };
  };
  const row = (keys: readonly (keyof EpochMetrics)[], top: boolean) => ({
    hconcat: histories.map(({ level, history }, i) => multiple(level, history, keys, i === 0, top)),
    spacing: 14,
    bounds: "flush",
  });
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    background: "white",
    padding: 20,
    title: { text: "Training curves by poison level", subtitle, fontSize: 16, subtitleFontSize: 12, offset: 16 },
    vconcat: [row(["accuracy", "val_accuracy"], true), row(["loss", "val_loss"], false)],
    spacing: 16,
    config: CONFIG,
  } as TopLevelSpec;
}
