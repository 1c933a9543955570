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

/**
 * How probable the model holds the truth to be: by class, how many images in each bin, empty bins included.
 * @param together all images as if they were of one class, class 0.
 */
export function truthHistogram({ probabilities, targets }: Classified, together = false): HistogramBin[] {
  const numClasses = together ? 1 : (probabilities[0]?.length ?? 0);
  const counts = Array.from({ length: numClasses }, () => new Array<number>(HISTOGRAM_BINS).fill(0));
  for (const [i, row] of probabilities.entries()) {
    const target = targets[i] as number;
    const bins = counts[together ? 0 : target] as number[];
    const bin = Math.min(Math.floor((row[target] as number) * HISTOGRAM_BINS), HISTOGRAM_BINS - 1);
    bins[bin] = (bins[bin] as number) + 1;
  }
  return counts.flatMap((bins, c) => {
    const total = bins.reduce((a, b) => a + b, 0);
    return bins.map((images, bin) => ({
      class: c,
      from: bin / HISTOGRAM_BINS,
      to: (bin + 1) / HISTOGRAM_BINS,
      images,
      share: total === 0 ? 0 : images / total,
    }));
  });
}
