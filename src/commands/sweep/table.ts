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
  "gap, points",
  "drop against 0 %, points",
  "p",
];
const ALIGN = "r".repeat(HEADER.length);

/** The comparison of a sweep's levels, head first: `84.2 ± 1.3 %` is a mean with its 95 % interval. */
function tableRows(levels: readonly LevelSummary[], plusMinus = "±"): string[][] {
  const spread = ({ half_width }: Estimate, show: (value: number) => string) =>
    half_width === null ? "" : ` ${plusMinus} ${show(half_width)}`;
  const difference = (value: Estimate) => `${points(value.mean)}${spread(value, points)}`;
  const percent = (value: Estimate) => `${difference(value)} %`;
  const loss = (value: Estimate) => `${value.mean.toFixed(3)}${spread(value, (half) => half.toFixed(3))}`;
  const body = levels.map((row) => [
    `${row.level} %`,
    String(row.poisoned_images),
    String(row.n),
    percent(row.val_accuracy),
    loss(row.val_loss),
    percent(row.accuracy),
    loss(row.loss),
    difference(row.generalization_gap),
    row.drop ? difference(row.drop) : "",
    row.p === null ? "" : row.p < 0.001 ? "< 0.001" : row.p.toFixed(3),
  ]);
  return [HEADER, ...body];
}

const points = (share: number): string => (100 * share).toFixed(1);

/** The table for a terminal. */
export const levelsText = (levels: readonly LevelSummary[], plusMinus?: string): string =>
  textTable(tableRows(levels, plusMinus), ALIGN);

/** What there is to say where no level has two seeds; else nothing. */
export const oneSeed = (levels: readonly LevelSummary[]): string =>
  levels.every(({ n }) => n === 1) ? "one seed, so no interval: --seeds 1..5" : "";

/** The table in Markdown, with what its figures mean. */
export function levelsMarkdown(levels: readonly LevelSummary[]): string {
  const one = oneSeed(levels);
  const spread = `mean over up to ${Math.max(...levels.map((row) => row.n))} seeds ± 95 % interval (Student's t)`;
  const p = "p: paired two-sided t-test of the drop over seeds, adjusted by Holm for the number of levels.";
  return `${markdownTable(tableRows(levels), ALIGN)}

Figures of the last epoch, ${one === "" ? spread : `${one}`}. gap: train accuracy minus validation accuracy. drop: validation accuracy at
0 % minus that at the level, paired by seed. Both in percentage points. ${one === "" ? p : "p takes two seeds, too."}
`;
}
