import { digestOf, lockedParams } from "../../dvc/lock.ts";
import { STAGES } from "../../dvc/roles.ts";
import { commandLine } from "../../runtime/installation.mjs";
import type { ImageDifference } from "./image-difference.ts";
import { code, show } from "./markdown.ts";
import type { Replaced, RevisionResults } from "./revision-results.ts";
import { leaves } from "./values.ts";

/** So many digits of a digest are shown, as git does. */
const SHORT = 7;

/** What stands above all numbers when the images of the two sides differ, or did before base was run again: Markdown, in a box of GitHub's. */
export function imageNotes(base: RevisionResults, head: RevisionResults, images: ImageDifference): string[] {
  const [one, other] = [base, head].map(({ metadata }) => metadata.dataset.name) as [string, string];
  const named = one === other ? [] : [`**Base and head are of different data sets**, ${code(one)} and ${code(other)}.`];
  if (images !== "none")
    return [box("IMPORTANT", [...named, WARNINGS[images], "", ...sides(base, head), "", advice(base)])];
  if (base.replaced === undefined) return [];
  return [
    box("NOTE", [
      "**Base was run again on head's images**, with its own code and parameters: its committed results come from others.",
      "All that is said of base here is of this run.",
      "",
      ...sides(base.replaced, head, " as committed"),
    ]),
  ];
}

const WARNINGS: Record<Exclude<ImageDifference, "none">, string> = {
  training:
    "**Base and head were trained on different images**, and validated on the same. Their accuracies can be compared, but the difference is not the effect of poison, or of any other change, alone.",
  validation:
    "**Base and head were validated on different images.** How their accuracies differ is not the effect of poison, nor of any other change.",
  unknown:
    "**Base and head come from different images**, and whether those for validation are the same cannot be told here. How their accuracies differ cannot be called the effect of poison, nor of any other change.",
};

const sides = (base: Replaced, head: Replaced, which = ""): string[] => [
  `- Base${which}: ${describe(base)}`,
  `- Head: ${describe(head)}`,
];

/** Name, numbers, source and digest of a data set. */
function describe({ metadata: { dataset }, lock, paths }: Replaced): string {
  const source = leaves(lockedParams(lock[STAGES.images])).get("data.source");
  return [
    code(dataset.name),
    `${dataset.train_images} training and ${dataset.validation_images} validation images`,
    ...(source === undefined ? [] : [`${code("data.source")} ${show(source)}`]),
    `digest ${show(digestOf(lock, paths.images)?.slice(0, SHORT))}`,
  ].join(", ");
}

function advice({ metadata, notRunAgain }: RevisionResults): string {
  const levels = `\`dvc exp run -S poison=${Number(metadata.poison.toPrecision(4))}\` with head's code and parameters`;
  if (notRunAgain !== undefined)
    return `Base could not be run again on head's images: ${code(notRunAgain)} A base line on them can also be run by ${levels}.`;
  return `Compare with a base line on head's images: ${code(commandLine("report", "--same-images"))} runs it, by base's code and parameters; so does ${levels}.`;
}

const box = (kind: string, lines: readonly string[]): string =>
  [`[!${kind}]`, ...lines].map((line) => `> ${line}`.trimEnd()).join("\n");
