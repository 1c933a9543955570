import { type Prediction, probabilityOf } from "../../records/training/predictions.ts";
import type { TrainMetrics } from "../../records/training/train-metrics.ts";
import { plotTitle } from "../plot-title.ts";
import type { Sheet } from "./sheet.ts";

/** The most images that are shown. */
export const MOST_WRONG = 24;

/**
 * The wrongly classified validation images to whose true class the model gives the least probability, the least first, each with
 * true class, predicted class and the latter's probability.
 */
export function mostWrongSheet(rows: readonly Prediction[], metadata: TrainMetrics, seed: number): Sheet {
  const probability = probabilityOf(rows);
  const wrong = rows
    .filter(({ label, predicted }) => label !== predicted)
    .sort((a, b) => probability(a, a.label) - probability(b, b.label));
  const shown = wrong.slice(0, MOST_WRONG);
  const of = `${wrong.length} of ${rows.length} validation images classified wrongly`;
  return {
    title: plotTitle(metadata),
    subtitle: `true label → predicted label and its probability · seed ${seed} · dataset: ${metadata.dataset.name}`,
    groups:
      wrong.length === 0
        ? []
        : [
            {
              heading: shown.length < wrong.length ? `${of}: the ${shown.length} most wrong` : of,
              tiles: shown.map((row) => ({
                image: row.image,
                from: row.label,
                to: row.predicted,
                note: percent(probability(row, row.predicted)),
              })),
            },
          ],
    empty: `None of ${rows.length} validation images is classified wrongly.`,
  };
}

/** `97.3 %`; what would round to certainty is `> 99.9 %`. */
const percent = (probability: number): string =>
  probability > 0.9994 ? "> 99.9 %" : `${(probability * 100).toFixed(1)} %`;
