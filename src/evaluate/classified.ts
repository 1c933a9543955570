/** The probabilities that a model gives to images, beside the classes that they are measured against. */
export interface Classified {
  /** [images][classes]; each row sums to 1. */
  probabilities: readonly (readonly number[])[];
  /** Class number of each image. */
  classes: ArrayLike<number>;
}

/** The most probable class of each image, the first of equals. */
export function predictedClasses({ probabilities }: Pick<Classified, "probabilities">): number[] {
  return probabilities.map((row) => row.reduce((best, value, c) => (value > (row[best] as number) ? c : best), 0));
}

/** A score for each image, and whether it is what the score looks for: what a threshold on the score decides. */
export interface Ranking {
  scores: readonly number[];
  positives: readonly boolean[];
}

/** Two classes: the probability of the second class, to find that class. More: one ranking a class, each against the rest. */
export function rankings({ probabilities, classes }: Classified): Ranking[] {
  const count = probabilities[0]?.length ?? 0;
  const sought = count === 2 ? [1] : Array.from({ length: count }, (_, c) => c);
  return sought.map((c) => ({
    scores: probabilities.map((row) => row[c] as number),
    positives: Array.from(classes, (label) => label === c),
  }));
}
