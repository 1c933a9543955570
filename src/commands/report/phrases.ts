import type { AccuracyComparison } from "../../statistics/compare-accuracy.ts";
import { show, showLoss } from "./markdown.ts";

/** Significance level of the test; the interval is the 95 % that goes with it. */
const LEVEL = 0.05;

/** `fell by 1.9 points (0.8812 → 0.8625)`: a share's change in percentage points. */
export function shareMoved(base: number, head: number): string {
  if (base === head) return `is the same (${show(head)})`;
  return `${head < base ? "fell" : "rose"} by ${points(Math.abs(head - base))} points (${show(base)} → ${show(head)})`;
}

/** `rose from 0.4595 to 0.512`. */
export function numberMoved(base: number | null, head: number | null): string {
  if (base === head) return `is the same (${showLoss(head)})`;
  if (base === null || head === null) return `was ${showLoss(base)}, is ${showLoss(head)}`;
  return `${head < base ? "fell" : "rose"} from ${show(base)} to ${show(head)}`;
}

/** `is 0.512 in head and 0.4595 in base`: of numbers that are not to be compared. */
export const numberApart = (base: number | null, head: number | null): string =>
  `is ${showLoss(head)} in head and ${showLoss(base)} in base`;

/** What can be said of a difference in accuracy: how it came about, how sure it is, by which test. */
export function explainAccuracy(comparison: AccuracyComparison): string {
  const [low, high] = comparison.interval.map((share) => `${share < 0 ? "−" : "+"}${points(Math.abs(share))}`);
  const interval = `95 % interval ${low} to ${high} points`;
  const { images, lost, gained, p } = comparison;
  if (lost + gained === 0) return `Of the same ${images} validation images, both get the same ones right.`;
  const shown = p < 0.001 ? "p < 0.001" : `p = ${Number(p.toPrecision(2))}`;
  return `Of the same ${images} validation images, ${lost} that base gets right are wrong now, and ${gained} the other way round: exact McNemar test ${shown}, ${interval} (Bonett and Price). ${p < LEVEL ? RARE : COMMON}`;
}

const RARE =
  "Chance in the choice of validation images alone would seldom make such a difference between these two trainings; another seed trains differently.";
const COMMON = "Such a difference can be chance.";

const points = (share: number): string => (share * 100).toFixed(1);
