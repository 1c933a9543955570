import type { TopLevelSpec } from "vega-lite";
import type { EpochMetrics } from "../records/training/history.ts";
import type { TrainMetrics } from "../records/training/train-metrics.ts";
import { accuracyChannel, epochAxis, lossChannel, type ValueChannel } from "./axes.ts";
import { plotTitle } from "./plot-title.ts";
import { bySeries, CONFIG, LINE, POINT, RING, SERIES, STRONG } from "./theme.ts";

/** The page in units of 1/96 inch: 10 x 4.25 inches. */
const PAGE = { width: 960, height: 408 };

/** The two panels, and above them the header, which holds title and key. */
const PANEL = { width: 384, height: 240, gap: 92 };
const HEADER = { left: 68, top: 24, width: 2 * PANEL.width + PANEL.gap, height: 94 };

/**
 * The chart of a training of the pipeline: poison, labels and data set in its title. See {@link historyChart}.
 */
export function trainingChart(
  history: readonly EpochMetrics[],
  metadata: TrainMetrics,
  seed: number,
  alongside: readonly EpochMetrics[] = [],
): TopLevelSpec {
  const texts = { title: plotTitle(metadata), subtitle: subtitle(metadata, seed), best: metadata.best_epoch };
  return historyChart(history, texts, alongside);
}

/**
 * Loss and accuracy over the epochs, side by side, training and validation in each: a Vega-Lite spec of 960 x 408 units.
 * @param history one entry or more, by epoch. A loss that is null (the training diverged) leaves a gap.
 * @param texts.best the epoch with a ring around it.
 * @param alongside another training's history: the axes hold both, so that the two pictures can be compared.
 */
export function historyChart(
  history: readonly EpochMetrics[],
  { title, subtitle, best }: { title: string; subtitle: string; best: number },
  alongside: readonly EpochMetrics[] = [],
): TopLevelSpec {
  const all = [...history, ...alongside].sort((a, b) => a.epoch - b.epoch);
  const axis = epochAxis(all);
  const last = history.at(-1) as EpochMetrics;
  const end = `after epoch ${last.epoch}: training`;
  const loss = {
    title: { text: "Loss", subtitle: `${end} ${figure(last.loss)}, validation ${figure(last.val_loss)}` },
    ...panel(history, best, ["loss", "val_loss"], axis, lossChannel(all)),
  };
  const accuracy = {
    title: { text: "Accuracy", subtitle: `${end} ${percent(last.accuracy)}, validation ${percent(last.val_accuracy)}` },
    ...panel(history, best, ["accuracy", "val_accuracy"], axis, accuracyChannel(all)),
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    // A page of fixed size, whatever stands on it: what is not panel is padding, and no mark is measured.
    autosize: { type: "none" },
    padding: { left: HEADER.left, top: HEADER.top, right: PAGE.width - HEADER.left, bottom: PAGE.height - HEADER.top },
    bounds: "flush",
    background: "white",
    spacing: 0,
    vconcat: [header(title, subtitle), { hconcat: [loss, accuracy], spacing: PANEL.gap, bounds: "flush" }],
    config: CONFIG,
  } as TopLevelSpec;
}

/** One panel: a line for training and one for validation, points at the ticks, and a ring around validation at the best epoch. */
function panel(
  history: readonly EpochMetrics[],
  best: number,
  keys: readonly Exclude<keyof EpochMetrics, "epoch">[],
  { ticks, domain }: ReturnType<typeof epochAxis>,
  channel: ValueChannel,
) {
  const values = history.flatMap(({ epoch, ...row }) =>
    keys.map((key, i) => ({
      epoch,
      series: SERIES[i],
      value: row[key],
      point: ticks.includes(epoch),
      ring: epoch === best && i === 1,
    })),
  );
  const x = {
    field: "epoch",
    type: "quantitative",
    title: "epoch",
    scale: { domain, nice: false, zero: false },
    axis: { values: ticks, format: "d", grid: false },
  };
  const encoding = { x, y: { field: "value", type: "quantitative", ...channel }, color: bySeries("color") };
  return {
    width: PANEL.width,
    height: PANEL.height,
    data: { values },
    layer: [
      { mark: LINE, encoding: { ...encoding, strokeDash: bySeries("strokeDash") } },
      { mark: POINT, transform: [{ filter: "datum.point" }], encoding: { ...encoding, shape: bySeries("shape") } },
      { mark: RING, transform: [{ filter: "datum.ring" }], encoding },
    ],
  };
}

/** Puts the title into the header instead of above it, 20 units from the page's edges. */
const MARGINS = { offset: -30, dx: 20 - HEADER.left, limit: PAGE.width - 40 };

/** So many characters of title and subtitle leave room for the key beside them; else it stands lower, in the row of the left panel's title. */
const ROOM = { title: 50, subtitle: 86 };
const LOWER = { dx: -408, dy: 46 };

/** Title, and a key of lines, points and ring: drawn here once, because a legend shows no line with a point on it. */
function header(text: string, subtitle: string) {
  const { dx, dy } = text.length > ROOM.title || subtitle.length > ROOM.subtitle ? LOWER : { dx: 0, dy: 0 };
  const at = (field: string) => ({ field, type: "quantitative", scale: null, axis: null });
  const y = { value: 4 + dy };
  const color = bySeries("color");
  const line = (series: string, left: number) => {
    const from = left + dx;
    return { series, text: series, from, to: from + 32, point: from + 16, label: from + 38 };
  };
  const series = [line("training", 518), line("validation", 628)];
  const best = { series: "validation", text: "best accuracy", ring: 753 + dx, label: 765 + dx };
  return {
    title: { text, subtitle, ...MARGINS, fontSize: 16, subtitleFontSize: 12 },
    width: HEADER.width,
    height: HEADER.height,
    layer: [
      {
        data: { values: series },
        mark: { ...LINE, type: "rule" },
        encoding: { x: at("from"), x2: { field: "to" }, y, color, strokeDash: bySeries("strokeDash") },
      },
      { data: { values: series }, mark: POINT, encoding: { x: at("point"), y, color, shape: bySeries("shape") } },
      { data: { values: [best] }, mark: RING, encoding: { x: at("ring"), y, color } },
      {
        data: { values: [...series, best] },
        mark: { type: "text", align: "left", baseline: "middle", fontSize: 12, color: STRONG },
        encoding: { x: at("label"), y, text: { field: "text" } },
      },
    ],
  };
}

function subtitle({ dataset }: TrainMetrics, seed: number): string {
  return `seed ${seed} · validated on ${dataset.validation_images} images with true labels · dataset: ${dataset.name}`;
}

/** A loss with the digits that matter, such as 0.146. */
function figure(loss: number | null): string {
  if (loss === null) return "not a number";
  return loss === 0 || (loss >= 0.01 && loss < 1000) ? loss.toFixed(3) : loss.toPrecision(3);
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
