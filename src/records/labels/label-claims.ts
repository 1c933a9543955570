import type { Fault } from "../format/check.ts";
import { classNamesOf, SPLITS } from "../format/image-folder.ts";
import type { LabelRow } from "./label-row.ts";

/** The first row that cannot be true: each image stands in one row, which agrees with its path; validation labels are true. */
export function faultOfRows(rows: readonly LabelRow[]): Fault | undefined {
  const seen = new Set<string>();
  for (const [i, { image, split, label, true_label }] of rows.entries()) {
    if (seen.has(image)) return [[i, "image"], "the image stands in the table twice"];
    seen.add(image);
    const folder = `${split}/${true_label}/`;
    const name = image.slice(folder.length);
    if (!image.startsWith(folder) || name === "" || name.includes("/"))
      return [[i, "image"], `by split and true_label it must lie in ${folder}`];
    if (split === "validation" && label !== true_label)
      return [[i, "label"], `the true label is ${true_label}, and validation labels are true`];
  }
  return undefined;
}

/** What is wrong with the table as a whole: both splits know the same two or more classes, and training is given two or more. */
export function faultOfClasses(rows: readonly LabelRow[]): Fault | undefined {
  const of = (split: string, column: "label" | "true_label") =>
    classNamesOf(rows.filter((row) => row.split === split).map((row) => row[column]));
  const [names, others] = SPLITS.map((split) => of(split, "true_label")) as [string[], string[]];
  for (const [split, found] of [["train", names] as const, ["validation", others] as const])
    if (found.length === 0) return [[], `it has no ${split} rows`];
  if (names.length < 2)
    return [[], `the true label of every training row is ${names[0]}; two or more classes are needed`];
  for (const [split, known, other] of [
    ["train", others, "validation"] as const,
    ["validation", names, "train"] as const,
  ]) {
    const classes = new Set(known);
    const stray = rows.findIndex((row) => row.split === split && !classes.has(row.true_label));
    if (stray >= 0) return [[stray, "true_label"], `no ${other} row has this class; those have ${shownClasses(known)}`];
  }
  const known = new Set(names);
  const stray = rows.findIndex(({ label }) => !known.has(label));
  if (stray >= 0) return [[stray, "label"], `the classes are ${shownClasses(names)}`];
  const given = of("train", "label");
  if (given.length < 2) return [[], `the label of every training row is ${given[0]}; two or more are needed`];
  return undefined;
}

/** So many classes a message names. */
const MOST_SHOWN = 10;

const shownClasses = (names: readonly string[]): string =>
  names.length > MOST_SHOWN
    ? `${names.slice(0, MOST_SHOWN).join(", ")} and ${names.length - MOST_SHOWN} more`
    : names.join(", ");
