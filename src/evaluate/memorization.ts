/** What training made of the labels that it was given, right and wrong ones; shares 0–1 over the training images. */
export interface Memorization {
  /** Of the images with a wrong label, the share predicted as that label. Null when there are none. */
  wrong_labels_memorized: number | null;
  /** Of the images with their true label, the share predicted as that label. Null when there are none. */
  true_labels_learned: number | null;
}

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
