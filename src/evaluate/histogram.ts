import type { Classified } from "./classified.ts";

/** Number of equal-width bins from 0 to 1. */
export const HISTOGRAM_BINS = 20;

/** The images of one class in one bin of the probability that the model gives to their class. */
export interface HistogramBin {
  class: number;
  /** The bin holds `from` and not `to`, the last one both. */
  from: number;
  to: number;
  images: number;
  /** Share of the class's images, 0–1. */
  share: number;
}

/** How probable the model holds the truth to be: by class, how many images in each bin, empty bins included. */
export function truthHistogram({ probabilities, targets }: Classified): HistogramBin[] {
  const numClasses = probabilities[0]?.length ?? 0;
  return Array.from({ length: numClasses }, (_, c) => {
    const bins = new Array<number>(HISTOGRAM_BINS).fill(0);
    for (const [i, row] of probabilities.entries()) {
      if (targets[i] !== c) continue;
      const bin = Math.min(Math.floor((row[c] as number) * HISTOGRAM_BINS), HISTOGRAM_BINS - 1);
      bins[bin] = (bins[bin] as number) + 1;
    }
    const total = bins.reduce((a, b) => a + b, 0);
    return bins.map((images, bin) => ({
      class: c,
      from: bin / HISTOGRAM_BINS,
      to: (bin + 1) / HISTOGRAM_BINS,
      images,
      share: total === 0 ? 0 : images / total,
    }));
  }).flat();
}
