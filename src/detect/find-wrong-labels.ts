import { type Detection, detect } from "./detect.ts";
import { detectMany } from "./detect-many.ts";

/** So many images are judged exactly: work grows with the cube of their number, and memory with its square. */
const MOST_EXACT = 4000;

/** Finds labels that are wrong: {@link detect} up to 4,000 images, {@link detectMany} beyond. */
export const findWrongLabels: typeof detect = (features, labels, options): Detection =>
  features.rows <= MOST_EXACT ? detect(features, labels, options) : detectMany(features, labels, options);
