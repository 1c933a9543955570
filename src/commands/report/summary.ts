import { changedWord } from "../../records/labels/level-text.ts";
import { compareAccuracy } from "../../statistics/compare-accuracy.ts";
import { type ImageDifference, isComparable } from "./image-difference.ts";
import { countChanges, labelChanges } from "./label-changes.ts";
import { code, show } from "./markdown.ts";
import { explainAccuracy, numberApart, numberMoved, shareMoved } from "./phrases.ts";
import { last, type RevisionResults } from "./revision-results.ts";
import { stageChanges } from "./stage-changes.ts";
import { differences, leaves } from "./values.ts";

/** So many kinds of label change are named; the report's table holds more. */
const MOST_KINDS = 4;

/** The report in a few sentences, the most important first. Where the validation images differ, none says how far results do. */
export function summary(base: RevisionResults, head: RevisionResults, images: ImageDifference): string[] {
  const moved = isComparable(images) ? numberMoved : numberApart;
  const accuracies = isComparable(images) ? accuracy(base, head) : accuracyApart(base, head);
  return [poison(base, head), accuracies, loss(base, head, moved), gap(base, head, moved)]
    .concat(memorized(base, head), labels(base, head), features(base, head), several(base, head), stages(base, head))
    .map((sentence) => `- ${sentence}`);
}

function poison({ metadata: base }: RevisionResults, { metadata: head }: RevisionResults): string {
  const count = ({ poisoned_images, dataset }: RevisionResults["metadata"]) =>
    `${poisoned_images === 0 ? "none" : poisoned_images} of ${dataset.train_images} training labels`;
  const changed = changedWord(head.dataset.classes);
  if (base.poison === head.poison) return `**Poison** is ${show(head.poison)} % in both: ${count(head)} ${changed}.`;
  const before = base.poisoned_images === 0 ? "none" : base.poisoned_images;
  return `**Poison** ${numberMoved(base.poison, head.poison)} %: ${count(head)} ${changed}, ${before} in base.`;
}

function accuracy(base: RevisionResults, head: RevisionResults): string {
  const moved = `**Validation accuracy** ${shareMoved(last(base).val_accuracy, last(head).val_accuracy)}.`;
  if (!base.predictions || !head.predictions) return `${moved} Without the predictions of both it is not tested.`;
  const comparison = compareAccuracy(base.predictions, head.predictions);
  if (!comparison) return accuracyApart(base, head);
  return `${moved} ${explainAccuracy(comparison)}`;
}

const accuracyApart = (base: RevisionResults, head: RevisionResults): string =>
  `**Validation accuracy** ${numberApart(last(base).val_accuracy, last(head).val_accuracy)}, each on images of its own: not compared, not tested.`;

const loss = (base: RevisionResults, head: RevisionResults, moved: typeof numberMoved): string =>
  `**Validation loss** ${moved(last(base).val_loss, last(head).val_loss)}.`;

/** Training accuracy is measured against the given labels, so swapped ones lower it by themselves. */
function gap(base: RevisionResults, head: RevisionResults, moved: typeof numberMoved): string {
  const [before, now] = [base, head].map((side) => last(side).accuracy - last(side).val_accuracy) as [number, number];
  return `**Generalization gap** (accuracy on the labels given to training, minus validation accuracy) ${moved(before * 100, now * 100)} points.`;
}

function memorized(base: RevisionResults, head: RevisionResults): string[] {
  const share = ({ metrics }: RevisionResults) =>
    leaves(metrics[head.paths.training.memorization ?? ""]).get("wrong_labels_memorized");
  const [before, now] = [share(base), share(head)];
  if (typeof now !== "number") return [];
  const than = typeof before === "number" ? ` (base: ${percent(before)})` : "";
  return [
    `**Memorized**: ${percent(now)} of the poisoned images are predicted as the wrong label they were given${than}.`,
  ];
}

function labels(base: RevisionResults, head: RevisionResults): string[] {
  if (!base.labels || !head.labels) return ["**Labels**: one of the two tables is missing, so they are not compared."];
  const { changed, added, removed } = labelChanges(base.labels, head.labels);
  const moved = added + removed > 0 ? ` ${added} images are new, ${removed} are gone.` : "";
  if (changed.length === 0) return [`**Labels**: none differs from base.${moved}`];
  const kinds = countChanges(changed).map((kind) => `${kind.images} ${code(kind.base)} → ${code(kind.head)}`);
  const detail = kinds.length > MOST_KINDS ? `${kinds.slice(0, MOST_KINDS).join(", ")}, …` : kinds.join(", ");
  return [`**Labels**: ${changed.length} of ${head.labels.length} differ from base (${detail}).${moved}`];
}

/** Another library, version or device computes other features: they are environment, which no parameter shows. */
function features({ featuresBackend: before }: RevisionResults, { featuresBackend: now }: RevisionResults): string[] {
  if (before === undefined && now === undefined) return [];
  if (before === now) return [`**Features** were computed by ${show(now)} in both.`];
  const by = (backend: string | undefined) => (backend === undefined ? "a version that did not say" : show(backend));
  return [
    `**Features** were computed by ${by(before)} in base and by ${by(now)} in head: part of what differs can be due to that.`,
  ];
}

/** What did it cannot be told when several things changed at once. */
function several(base: RevisionResults, head: RevisionResults): string[] {
  const keys = differences(base.params, head.params).map(({ key }) => code(key));
  if (keys.length < 2) return [];
  return [
    `**${keys.length} parameters changed together** (${keys.join(", ")}): what each did cannot be told from this comparison.`,
  ];
}

function stages(base: RevisionResults, head: RevisionResults): string[] {
  const names = stageChanges(base.lock, head.lock).map(({ stage }) => code(stage));
  return [`**Stages** that differ: ${names.join(", ") || "none"}.`];
}

const percent = (share: number): string => `${(share * 100).toFixed(1)} %`;
