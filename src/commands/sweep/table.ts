import type { Estimate } from "../../statistics/statistics.ts";
import { markdownTable, textTable } from "../table.ts";
import type { LevelSummary } from "./summary.ts";

const HEADER = [
  "poison",
  "swapped",
  "n",
  "val accuracy",
  "val loss",
  "train accuracy",
  "train loss",
  "gap",
  "drop against 0 %",
  "p",
];
const ALIGN = "r".repeat(HEADER.length);

/** The comparison of a sweep's levels, head first: `84.2 ± 1.3 %` is a mean with its 95 % interval. */
function tableRows(levels: readonly LevelSummary[], plusMinus = "±"): string[][] {
  const spread = ({ half_width }: Estimate, show: (value: number) => string) =>
    half_width === null ? "" : ` ${plusMinus} ${show(half_width)}`;
  const percent = (value: Estimate) => `${points(value.mean)}${spread(value, points)} %`;
  const loss = (value: Estimate) => `${value.mean.toFixed(3)}${spread(value, (half) => half.toFixed(3))}`;
  const body = levels.map((row) => [
    `${row.level} %`,
    String(row.poisoned_images),
    String(row.n),
    percent(row.val_accuracy),
    loss(row.val_loss),
    percent(row.accuracy),
    loss(row.loss),
    percent(row.generalization_gap),
    row.drop ? percent(row.drop) : "",
    row.p === null ? "" : row.p < 0.001 ? "< 0.001" : row.p.toFixed(3),
  ]);
  return [HEADER, ...body];
}

const points = (share: number): string => (100 * share).toFixed(1);

/** The table for a terminal. */
export const levelsText = (levels: readonly LevelSummary[], plusMinus?: string): string =>
  textTable(tableRows(levels, plusMinus), ALIGN);

/** The table in Markdown, with what its figures mean. */
export function levelsMarkdown(levels: readonly LevelSummary[]): string {
  const seeds = Math.max(...levels.map((row) => row.n));
  return `${markdownTable(tableRows(levels), ALIGN)}

Figures of the last epoch, mean over ${seeds === 1 ? "one seed" : `up to ${seeds} seeds ± 95 % interval (Student's t)`}. gap: train accuracy minus
validation accuracy. drop: validation accuracy at 0 % minus that at the level, paired by seed. p: paired two-sided t-test of the drop
over seeds, adjusted by Holm for the number of levels.
`;
}
