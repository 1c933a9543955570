import type { EpochMetrics } from "../records/training/history.ts";

/** The vertical channel of a panel: Vega-Lite's title, scale and axis. */
export interface ValueChannel {
  title: string;
  scale: object;
  axis: object;
}

/** Up to so many epochs, each has a tick. */
const EACH_EPOCH = 20;

/** With more, there are at most so many ticks. */
const MOST_TICKS = 12;

/** When the highest loss is more than this many times the median, the scale is logarithmic. */
const WIDE_SPAN = 20;

/** A loss scale reaches down to the lowest loss, but not over more powers of ten than this. */
const MOST_DECADES = 6;

/** Whole epochs as ticks: each of them, or every second, fifth, tenth … */
export function epochAxis(history: readonly EpochMetrics[]): { ticks: number[]; domain: [number, number] } {
  const first = (history[0] as EpochMetrics).epoch;
  const last = (history.at(-1) as EpochMetrics).epoch;
  const epochs = last - first + 1;
  const step = epochs <= EACH_EPOCH ? 1 : roundStep(epochs / MOST_TICKS);
  const ticks = [];
  for (let epoch = Math.ceil(first / step) * step; epoch <= last; epoch += step) ticks.push(epoch);
  const margin = last === first ? 0.5 : (last - first) * 0.03;
  return { ticks, domain: [first - margin, last + margin] };
}

/** The least of 1, 2, 5, 10, 20, 50, … that is not below `least`. */
function roundStep(least: number): number {
  const power = 10 ** Math.max(0, Math.floor(Math.log10(least)));
  return power * ([1, 2, 5, 10].find((factor) => factor * power >= least) as number);
}

/** From zero to the highest loss; where one loss dwarfs the others, logarithmic, and the title says so. */
export function lossChannel(history: readonly EpochMetrics[]): ValueChannel {
  const losses = history
    .flatMap(({ loss, val_loss }) => [loss, val_loss])
    .filter((loss) => loss !== null)
    .sort((a, b) => a - b);
  const highest = losses.at(-1) ?? 0;
  const median = losses[losses.length >> 1] ?? 0;
  const title = "cross-entropy loss";
  if (highest === 0 || highest <= median * WIDE_SPAN) {
    return { title, scale: { domain: [0, highest || 1], nice: 6 }, axis: { tickCount: 6, format: "~g" } };
  }
  const top = Math.ceil(Math.log10(highest));
  const lowest = Math.floor(Math.log10(losses.find((loss) => loss > 0) as number));
  const bottom = Math.max(lowest, top - MOST_DECADES);
  const values = [0, ...Array.from({ length: top - bottom + 1 }, (_, i) => 10 ** (bottom + i))];
  return {
    title: `${title} (logarithmic scale)`,
    scale: { type: "symlog", constant: 10 ** bottom, domain: [0, 10 ** top], nice: false },
    axis: { values, format: "~g" },
  };
}

/** Up to 100 %, from the last 10 % line below the data; an axis that does not begin at zero says so. */
export function accuracyChannel(history: readonly EpochMetrics[]): ValueChannel {
  const lowest = Math.min(...history.flatMap(({ accuracy, val_accuracy }) => [accuracy, val_accuracy]));
  const tens = Math.max(0, Math.ceil(lowest * 10) - 1);
  return {
    title: tens === 0 ? "accuracy" : `accuracy (axis begins at ${tens * 10} %)`,
    scale: { domain: [tens / 10, 1], nice: false, zero: false },
    axis: { tickCount: 6, labelExpr: "round(datum.value * 100) + ' %'" },
  };
}
