/** The probabilities that a model gives to images, beside the class numbers that they are measured against. */
export interface Classified {
  /** [images][numClasses]; each row sums to 1. */
  probabilities: readonly (readonly number[])[];
  /** Class number of each image. */
  targets: ArrayLike<number>;
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
export const rankings = (classified: Classified): Ranking[] => [...eachRanking(classified)];

/** As {@link rankings}, one after the other: together they are as large as all probabilities. */
export function* eachRanking({ probabilities, targets }: Classified): Generator<Ranking> {
  const numClasses = probabilities[0]?.length ?? 0;
  for (let c = numClasses === 2 ? 1 : 0; c < numClasses; c++)
    yield {
      scores: probabilities.map((row) => row[c] as number),
      positives: Array.from(targets, (target) => target === c),
    };
}
