import { type Classified, predictedClasses } from "./classified.ts";

/** Number of equal-width bins of confidence, as in Guo et al. (2017): https://arxiv.org/abs/1706.04599 */
export const CALIBRATION_BINS = 15;

/** The images whose confidence falls into one bin. */
export interface CalibrationBin {
  /** Mean probability of the predicted class, 0–1. */
  confidence: number;
  /** Share of the images whose predicted class is right, 0–1. */
  accuracy: number;
  images: number;
}

/** The bins that hold images, by rising confidence. A bin holds its lower bound and not its upper one, the last one both. */
export function calibrationBins(classified: Classified): CalibrationBin[] {
  const sums = Array.from({ length: CALIBRATION_BINS }, () => ({ confidence: 0, accuracy: 0, images: 0 }));
  for (const [i, predicted] of predictedClasses(classified).entries()) {
    const confidence = classified.probabilities[i]?.[predicted] as number;
    const bin = sums[Math.min(Math.floor(confidence * CALIBRATION_BINS), CALIBRATION_BINS - 1)] as CalibrationBin;
    bin.confidence += confidence;
    bin.accuracy += Number(predicted === classified.targets[i]);
    bin.images++;
  }
  return sums
    .filter(({ images }) => images > 0)
    .map(({ confidence, accuracy, images }) => ({
      confidence: confidence / images,
      accuracy: accuracy / images,
      images,
    }));
}

/** Expected calibration error: how far confidence and accuracy lie apart, averaged over the images, 0–1. */
export function expectedCalibrationError(bins: readonly CalibrationBin[]): number {
  const images = bins.reduce((sum, bin) => sum + bin.images, 0);
  return bins.reduce((sum, bin) => sum + (bin.images / images) * Math.abs(bin.accuracy - bin.confidence), 0);
}
