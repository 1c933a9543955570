import { z } from "zod";
import { checked, type Fault, open, ROUNDING, share } from "../format/check.ts";
import { classNamesOf } from "../format/image-folder.ts";
import { jsonFile } from "../format/json.ts";
import { MOST_CLASSES } from "./many-classes.ts";

const rowSchema = open({
  image: z.string().min(1).describe("unique"),
  label: z.string().min(1).describe("the true class"),
  predicted: z.string().min(1).describe("the most probable class"),
  probability: share.describe("two classes: that of the second one by name; more: that of the predicted one"),
  probabilities: z
    .record(z.string(), share)
    .optional()
    .describe(
      "more than two classes: that of each; they sum to 1. More than 50: of the true one and the five most probable ones",
    ),
});

/** What the model makes of one validation image: a row of plots/predictions.json. */
export type Prediction = z.infer<typeof rowSchema>;

/** plots/predictions.json: one row per validation image. */
export const predictionsFile = jsonFile(checked(z.array(rowSchema).min(1), faultOf), {
  stage: "train-top",
  rows: true,
});

/**
 * The probability that the model gives to a class of one image; 0 for one that a row of more than 50 classes does not hold.
 * @param rows all of them: two classes have one probability a row.
 */
export function probabilityOf(rows: readonly Prediction[]): (row: Prediction, name: string) => number {
  const second = classNamesOf(rows.map(({ label }) => label))[1];
  return ({ probability, probabilities }, name) =>
    probabilities
      ? Object.hasOwn(probabilities, name)
        ? (probabilities[name] as number)
        : 0
      : name === second
        ? probability
        : 1 - probability;
}

/** Every class has a validation image, so the labels name all classes. */
function faultOf(rows: readonly Prediction[]): Fault | undefined {
  const names = classNamesOf(rows.map(({ label }) => label));
  if (names.length < 2) return [[0, "label"], "it is the only class, and there must be two or more"];
  const known = new Set(names);
  const seen = new Set<string>();
  for (const [i, row] of rows.entries()) {
    if (seen.has(row.image)) return [[i, "image"], "the image stands in the file twice"];
    seen.add(row.image);
    if (!known.has(row.predicted)) return [[i, "predicted"], `the classes are ${names.join(", ")}`];
    const fault = names.length === 2 ? faultOfTwo(row, names) : faultOfMany(row, names, known);
    if (fault) return [[i, ...fault[0]], fault[1]];
  }
  return undefined;
}

function faultOfTwo(
  { predicted, probability, probabilities }: Prediction,
  names: readonly string[],
): Fault | undefined {
  if (probabilities) return [["probabilities"], "there are two classes, and one probability says all"];
  const likelier = probability > 0.5 ? names[1] : names[0];
  if (probability === 0.5 || predicted === likelier) return undefined; // what rounds to 0.5 may have been either's
  return [["predicted"], `with a probability of ${probability} for ${names[1]} it must be ${likelier}`];
}

function faultOfMany(
  { label, predicted, probability, probabilities }: Prediction,
  names: readonly string[],
  known: ReadonlySet<string>,
): Fault | undefined {
  if (!probabilities)
    return [["probabilities"], "there are more than two classes, so it must hold the probability of each"];
  const found = Object.keys(probabilities);
  const values = Object.values(probabilities);
  const all = found.length === names.length;
  if (!found.every((name) => known.has(name)) || (!all && names.length <= MOST_CLASSES))
    return [["probabilities"], `the classes are ${names.join(", ")}`];
  const lacking = [label, predicted].find((name) => !Object.hasOwn(probabilities, name));
  if (lacking !== undefined) return [["probabilities"], `it does not hold that of ${lacking}`];
  const sum = values.reduce((a, b) => a + b, 0);
  if (all ? Math.abs(sum - 1) > ROUNDING * values.length : sum > 1 + ROUNDING * values.length)
    return [["probabilities"], `they sum to ${sum} instead of ${all ? "1" : "at most 1"}`];
  if (probability !== probabilities[predicted])
    return [["probability"], `probabilities give ${probabilities[predicted]} to ${predicted}`];
  if (values.some((value) => value > probability)) return [["predicted"], "another class is more probable"];
  return undefined;
}
