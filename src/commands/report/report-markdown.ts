import { type ImageDifference, isComparable } from "./image-difference.ts";
import { imageNotes } from "./image-notes.ts";
import { countChanges, type LabelChange, labelChanges } from "./label-changes.ts";
import { called, code, folded, picture, show, showLoss, table } from "./markdown.ts";
import type { RevisionResults } from "./revision-results.ts";
import { stageChanges } from "./stage-changes.ts";
import { summary } from "./summary.ts";
import { type Difference, differences } from "./values.ts";

/** The first line of every report: by it a workflow finds the comment that it wrote before. */
export const MARKER = "<!-- dvc-poison report -->";

/** So many changed labels are listed, and so many kinds of change. */
const MOST_LABELS = 20;
const MOST_KINDS = 30;

/** A picture at a path beside the report or below a web address; or in Markdown why there is none. */
export type PictureLink = { path: string; below?: string } | { missing: string };

/** The report's pictures. */
export interface ReportPictures {
  training: { base: PictureLink; head: PictureLink; sameAxes: boolean };
  poisoned: PictureLink;
  wrong: PictureLink;
}

/** The whole report, Markdown as GitHub reads it. @param images how those of both sides differ. */
export function reportMarkdown(
  base: RevisionResults,
  head: RevisionResults,
  images: ImageDifference,
  pictures: ReportPictures,
): string {
  const parts = [
    MARKER,
    `# ${title(base, head)}`,
    `Base: ${called(base.name)}. Head: ${called(head.name)}.`,
    ...imageNotes(base, head, images),
    ...warnings(base, head),
    summary(base, head, images).join("\n"),
    "## Loss and accuracy",
    // One above the other: side by side, a comment is too narrow for them.
    `Base above, head below${pictures.training.sameAxes ? ", with the same axes" : ""}.`,
    linked("Loss and accuracy of base", pictures.training.base),
    linked("Loss and accuracy of head", pictures.training.head),
    "## Metrics",
    metrics(base, head, isComparable(images)),
    "## Parameters",
    parameters(base, head),
    "## Poisoned images",
    linked("Poisoned images of head", pictures.poisoned),
    ...labels(base, head),
    "## Most wrong predictions",
    linked("Validation images that head classifies most wrongly", pictures.wrong),
    "## Stages",
    stages(base, head),
  ];
  return `${parts.join("\n\n")}\n`;
}

function title({ metadata: base }: RevisionResults, { metadata: head }: RevisionResults): string {
  const level = (percent: number) => `${Number(percent.toPrecision(4))} %`;
  return base.poison === head.poison
    ? `Poison ${level(head.poison)}`
    : `Poison ${level(base.poison)} → ${level(head.poison)}`;
}

function warnings(...sides: RevisionResults[]): string[] {
  return sides
    .filter(({ stale }) => stale.length > 0)
    .map(({ name, stale }) =>
      [
        "> [!WARNING]",
        `> The results of ${called(name)} are not those of its parameters, code and files. \`dvc repro\` brings them up to date.`,
        ...stale.map((line) => `> - ${line}`),
      ].join("\n"),
    );
}

/** @param comparable whether a change is one: on other images it is none. */
function metrics(base: RevisionResults, head: RevisionResults, comparable: boolean): string {
  const files = [...new Set([...Object.keys(head.metrics), ...Object.keys(base.metrics)])];
  const rows = files.flatMap((file) =>
    differences(base.metrics[file], head.metrics[file]).map((difference) => [
      code(file),
      ...valuesOf(difference),
      ...(comparable ? [change(difference)] : []),
    ]),
  );
  const columns = ["file", "metric", "base", "head", ...(comparable ? ["change"] : [])];
  return rows.length === 0 ? "No metric differs." : table(columns, rows);
}

function parameters(base: RevisionResults, head: RevisionResults): string {
  const rows = differences(base.params, head.params).map(valuesOf);
  return rows.length === 0 ? "No parameter differs." : table(["parameter", "base", "head"], rows);
}

function valuesOf({ key, base, head }: Difference): string[] {
  const shown = /^(val_)?loss$/.test(key) ? (value: unknown) => showLoss(value as number | null) : show;
  return [code(key), shown(base), shown(head)];
}

function change({ base, head }: Difference): string {
  if (typeof base !== "number" || typeof head !== "number") return "";
  const by = head - base;
  return `${by < 0 ? "−" : "+"}${show(Number.isInteger(by) ? Math.abs(by) : Number(Math.abs(by).toPrecision(3)))}`;
}

function labels(base: RevisionResults, head: RevisionResults): string[] {
  if (!base.labels || !head.labels) return [];
  const { changed } = labelChanges(base.labels, head.labels);
  if (changed.length === 0) return [];
  const kinds = countChanges(changed);
  const head_ = ["true label", "base", "head"];
  const row = ({ true_label, base, head }: Omit<LabelChange, "image">) => [true_label, base, head].map(code);
  const list = table(
    ["image", ...head_],
    changed.slice(0, MOST_LABELS).map((entry) => [code(entry.image), ...row(entry)]),
  );
  const first = changed.length > MOST_LABELS ? `The first ${MOST_LABELS} of ${changed.length} images` : "The images";
  return [
    "Labels that differ from base:",
    table(
      [...head_, "images"],
      kinds.slice(0, MOST_KINDS).map((kind) => [...row(kind), String(kind.images)]),
    ),
    ...(kinds.length > MOST_KINDS ? [`… and ${kinds.length - MOST_KINDS} kinds of change more.`] : []),
    folded(`${first} whose label differs`, list),
  ];
}

function stages(base: RevisionResults, head: RevisionResults): string {
  const changes = stageChanges(base.lock, head.lock);
  if (changes.length === 0) return "No stage differs.";
  const rows = changes.map(({ stage, causes, outputs }) => [
    code(stage),
    causes.join("; ") || "nothing that it depends on: another machine or another library's version",
    outputs.map(code).join(", ") || "none",
  ]);
  return table(["stage", "what differs for it", "outputs that differ"], rows);
}

const linked = (text: string, link: PictureLink): string =>
  "path" in link ? picture(text, link.path, link.below) : link.missing;
