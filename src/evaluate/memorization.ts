import type { Memorization } from "../records/training/memorization.ts";

/** Compares class numbers, one a training image: what the trained model predicts, what training was told, what is true. */
export function memorization(images: {
  predicted: ArrayLike<number>;
  given: ArrayLike<number>;
  truth: ArrayLike<number>;
}): Memorization {
  const { predicted, given, truth } = images;
  const tally = { wrong: { images: 0, followed: 0 }, right: { images: 0, followed: 0 } };
  for (let i = 0; i < predicted.length; i++) {
    const group = tally[given[i] === truth[i] ? "right" : "wrong"];
    group.images++;
    group.followed += Number(predicted[i] === given[i]);
  }
  const share = ({ images, followed }: typeof tally.wrong) => (images === 0 ? null : followed / images);
  return { wrong_labels_memorized: share(tally.wrong), true_labels_learned: share(tally.right) };
}
