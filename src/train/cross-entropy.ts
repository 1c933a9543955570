/** How well predictions fit their targets. */
export interface Score {
  /** Mean cross-entropy, in nats. */
  loss: number;
  /** Share of the images whose most probable class is the target, 0–1. */
  accuracy: number;
}

/**
 * Scores logits [n, outputs] against class numbers [n]: binary cross-entropy of a sigmoid for one output, categorical cross-entropy
 * of a softmax for more. Computed from logits in float64, so it is finite where a probability rounds to 0 or 1.
 */
export function scoreLogits(logits: Float32Array, targets: ArrayLike<number>, outputs: number): Score {
  let loss = 0;
  let hits = 0;
  for (let i = 0; i < targets.length; i++) {
    const target = targets[i] as number;
    if (outputs === 1) {
      const z = logits[i] as number;
      // -log sigmoid(z) or -log(1 - sigmoid(z)), the stable way: https://www.tensorflow.org/api_docs/python/tf/nn/sigmoid_cross_entropy_with_logits
      loss += Math.max(z, 0) - z * target + Math.log1p(Math.exp(-Math.abs(z)));
      hits += Number(z > 0) === target ? 1 : 0;
    } else {
      const row = logits.subarray(i * outputs, (i + 1) * outputs);
      const highest = Math.max(...row);
      const sum = row.reduce((total, z) => total + Math.exp(z - highest), 0);
      loss += Math.log(sum) + highest - (row[target] as number);
      hits += row.indexOf(highest) === target ? 1 : 0;
    }
  }
  return { loss: loss / targets.length, accuracy: hits / targets.length };
}

/**
 * Probabilities [numClasses] of each image from logits [n, outputs]; for one output, those of the first and the second class. A model that
 * diverged, whose logits are no numbers, holds each class to be equally likely.
 */
export function probabilitiesOf(logits: Float32Array, outputs: number): number[][] {
  return Array.from({ length: logits.length / outputs }, (_, i) => {
    const row = logits.subarray(i * outputs, (i + 1) * outputs);
    const highest = Math.max(...row);
    // An infinite logit has a sigmoid, but no softmax.
    if (Number.isNaN(highest) || (outputs > 1 && !Number.isFinite(highest)))
      return new Array<number>(Math.max(2, outputs)).fill(1 / Math.max(2, outputs));
    if (outputs === 1) {
      const second = 1 / (1 + Math.exp(-(row[0] as number)));
      return [1 - second, second];
    }
    const powers = Array.from(row, (z) => Math.exp(z - highest));
    const sum = powers.reduce((a, b) => a + b, 0);
    return powers.map((power) => power / sum);
  });
}
