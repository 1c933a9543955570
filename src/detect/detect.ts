import { closeness } from "../kernels/closeness.ts";
import type { Features } from "../kernels/features.ts";
import { createWork, invert } from "../kernels/inverse.ts";
import { viewProducts } from "../kernels/view-products.ts";
import { loadProducts } from "../kernels/wasm/products.ts";
import { contradictions, copiesOf } from "./copies.ts";
import { leaveOut } from "./leave-out.ts";
import { fitMixture, type Mixture, posterior } from "./mixture.ts";

/** What is suspected of each image's label. */
export interface Detection {
  /** [n] that the given label is wrong, 0–1. */
  probability: Float64Array;
  /** [n] the class that the image most probably is of. */
  suggested: Uint8Array | Uint16Array;
  /** [n] */
  flagged: boolean[];
  /** Groups of copies, rows: they are left out together. */
  copies: number[][];
  /** Those of them that are given different labels. */
  contradictions: number[][];
  /** Of each class: the share of the images given as it that are of another, by the fit. */
  rates: number[];
}

/** Ridges that are tried; the one under which the given labels are likeliest is taken. */
export const RIDGES = [0.3, 1, 3, 10, 30];
/** How often labels are corrected by what was found, and found anew. */
const CORRECTIONS = 2;
/** A label is flagged that is more probably wrong than right. */
const FLAGGED = 0.5;

/**
 * Finds labels that are wrong, from features and given labels alone: kernel ridge regression leaves each image out, with its copies, and two rates of flips
 * are fitted to what it says of them.
 * @param labels [n] index of the class given. @param groups rows that are known to be copies of each other; those whose features say so join them.
 * @param threads they change no byte.
 */
export function detect(
  features: Features,
  labels: ArrayLike<number>,
  {
    numClasses,
    groups = [],
    threads,
  }: { numClasses: number; groups?: readonly (readonly number[])[]; threads?: number },
): Detection {
  const { own } = viewProducts(features, { threads });
  const copies = copiesOf(own, groups);
  const kernel = closeness(own);
  const space = loadProducts(threads);
  try {
    const work = createWork(space, kernel.rows);
    const inverses = RIDGES.map((ridge) => invert(space, kernel, ridge, work));
    const best = searching(labels, numClasses, (search, round) => {
      for (const inverse of inverses) search.look((targets) => leaveOut(inverse, targets, copies), round);
    });
    return { ...conclude(best, labels, numClasses), copies, contradictions: contradictions(copies, labels) };
  } finally {
    space.close();
  }
}

/** One class against the rest. */
interface Found {
  mixture: Mixture;
  scores: Float64Array;
  /** [n] that the label is flipped. */
  flipped: Float64Array;
}

/** The search for flips of one class. */
export interface Search {
  /** Tries a classifier. @param scoresOf what it says of each image that it has not seen, by targets. */
  look(scoresOf: (targets: Float64Array) => Float64Array, round: number): void;
}

/**
 * Searches for flips of each class against the rest; of two classes one search says all. The classifier under which the given labels are likeliest is
 * believed; what it finds corrects the targets of the next round.
 * @param round tries all classifiers.
 */
export function searching(
  labels: ArrayLike<number>,
  numClasses: number,
  round: (search: Search, round: number) => void,
): Found[] {
  const classes = numClasses === 2 ? [1] : Array.from({ length: numClasses }, (_, c) => c);
  return classes.map((c) => {
    const given = Int8Array.from(labels, (label) => (label === c ? 1 : -1));
    let targets = Float64Array.from(given);
    let best: Found | undefined;
    const search: Search = {
      look(scoresOf) {
        const scores = scoresOf(targets);
        const mixture = fitMixture(scores, given);
        if (best && best.mixture.likelihood >= mixture.likelihood) return;
        best = { mixture, scores, flipped: posterior(mixture, scores, given) };
      },
    };
    for (let at = 0; ; at++) {
      best = undefined;
      round(search, at);
      const { flipped } = best as unknown as Found;
      if (at === CORRECTIONS) return best as unknown as Found;
      targets = Float64Array.from(given, (t, i) => t * (1 - 2 * (flipped[i] as number)));
    }
  });
}

/** Brings the searches together: of two classes, one says all. */
export function conclude(
  found: readonly Found[],
  labels: ArrayLike<number>,
  numClasses: number,
): Omit<Detection, "copies" | "contradictions"> {
  const n = labels.length;
  const probability = new Float64Array(n);
  const suggested = new Uint16Array(n);
  for (let i = 0; i < n; i++) {
    const label = labels[i] as number;
    if (numClasses === 2) {
      probability[i] = (found[0] as Found).flipped[i] as number;
      suggested[i] = (probability[i] as number) > FLAGGED ? 1 - label : label;
      continue;
    }
    // Of more than two classes that of the label itself says whether it is wrong; which is right instead, the others' scores do.
    probability[i] = (found[label] as Found).flipped[i] as number;
    const scores = found.map((search, c) => (c === label ? Number.NEGATIVE_INFINITY : (search.scores[i] as number)));
    suggested[i] = (probability[i] as number) > FLAGGED ? scores.indexOf(Math.max(...scores)) : label;
  }
  const flagged = Array.from(probability, (p) => p > FLAGGED);
  const rates = Array.from({ length: numClasses }, (_, c) => {
    let [sum, count] = [0, 0];
    for (let i = 0; i < n; i++)
      if (labels[i] === c) {
        sum += probability[i] as number;
        count++;
      }
    return count > 0 ? sum / count : 0;
  });
  return { probability, suggested, flagged, rates };
}
