import { BALANCES, type Balance } from "../../attacks/apportion.ts";
import type { Attack } from "../../attacks/attack.ts";
import { ATTACK_NAMES, ATTACKS, type AttackName } from "../../attacks/index.ts";
import type { ImageEntry } from "../../records/format/image-folder.ts";
import { StageError } from "../../runtime/errors.ts";

/** A row of a table that can be poisoned; it may have other columns. */
export interface Labelled {
  /** What is labelled, of whatever kind: a path, an id, the text itself. */
  image: string;
  /** Its class. */
  label: string;
  /** Only rows of `train` are poisoned; without this column all are. */
  split?: string | undefined;
  /** What is true, where the table is poisoned already: `label` then does not count. */
  true_label?: string | undefined;
}

/** How a table is poisoned. */
export interface PoisonOptions {
  /** % of the training rows whose label is made wrong, 0–100. */
  poison: number;
  /** Whole number, 0 to 2³² - 1. Equal seeds, equal labels. */
  seed: number;
  /** Name of an attack, or an attack of your own. Default: `random`. */
  strategy?: AttackName | Attack;
  /** Whether each class gets equally many of the poisoned rows, or in proportion to its size. Default: `equal`. */
  balance?: Balance;
  /** Folder of the images, for an attack that needs `pixels`: the rows' `image` are paths from there. */
  pixels?: string;
  /** Folder of bottleneck features, for an attack that needs `features`. */
  features?: string;
}

/** A row as it was, with the label that training is to believe beside the one that is true. */
export type Poisoned<R> = Omit<R, "label" | "true_label"> & { label: string; true_label: string };

/**
 * Poisons the labels of a table, images or not, without reading a file: what the stage `poison` does to `data/labels.csv`. The same
 * table, level and seed give the same labels, whatever else stands in the rows; their order counts.
 *
 * @example
 * ```ts
 * import { poisonLabels } from "dvc-poison/attacks";
 *
 * const reviews = ["good", "bad", "good", "bad"].map((label, i) => ({ image: `review ${i}`, label, stars: i }));
 * const rows = await poisonLabels(reviews, { poison: 50, seed: 1 });
 * console.log(rows.filter(({ label, true_label }) => label !== true_label).length); // → 2
 * ```
 *
 * @returns a row for each, in the order given, with `label` and `true_label`.
 * @throws StageError when a level, a seed, a strategy, a balance or a row cannot be.
 */
export async function poisonLabels<R extends Labelled>(
  rows: readonly R[],
  options: PoisonOptions,
): Promise<Poisoned<R>[]> {
  const { poison, seed, strategy = "random", balance = "equal", pixels, features } = options;
  if (!(poison >= 0 && poison <= 100)) throw new StageError(`poison is ${poison}; it must be 0 to 100.`);
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 32))
    throw new StageError(`seed is ${seed}; it must be a whole number, 0 to 4294967295.`);
  if (!BALANCES.includes(balance))
    throw new StageError(`balance is "${balance}"; it must be ${BALANCES.join(" or ")}.`);
  const attack = attackOf(strategy);
  const given = { pixels, features };
  for (const need of ["pixels", "features"] as const)
    if (attack.needs.includes(need) && given[need] === undefined)
      throw new StageError(`the attack needs ${need}.`, { hint: `Name their folder: { ${need}: "FOLDER" }.` });
  const images = rows.map(entryOf);
  const classes = new Set(images.filter((image) => image.split === "train").map((image) => image.label));
  if (classes.size < 2)
    throw new StageError(
      `the training rows have the classes ${[...classes].join(", ") || "none"}; two or more are needed.`,
    );
  const poisoned = await run(attack, { images, poison, seed, balance, pixels: pixels ?? "", features });
  if (poisoned.length !== rows.length)
    throw new Error(`the attack gave ${poisoned.length} rows for ${rows.length}: it must give one for each`);
  return rows.map((row, i) => ({
    ...row,
    label: poisoned[i]?.label as string,
    true_label: images[i]?.label as string,
  }));
}

function attackOf(strategy: AttackName | Attack): Attack {
  if (typeof strategy !== "string") return strategy;
  if (Object.hasOwn(ATTACKS, strategy)) return ATTACKS[strategy];
  throw new StageError(`strategy is "${strategy}"; it must be ${ATTACK_NAMES.join(" or ")}.`);
}

/** A row as an attack sees it: whatever is not for training is left alone. */
function entryOf({ image, label, split, true_label = label }: Labelled, i: number): ImageEntry {
  for (const [name, value] of Object.entries({ image, label, true_label }))
    if (typeof value !== "string" || value === "")
      throw new StageError(`rows[${i}].${name} is ${JSON.stringify(value) ?? "missing"}; it must be a text.`);
  return { image, split: (split ?? "train") === "train" ? "train" : "validation", label: true_label };
}

/** An attack speaks of params.yaml, which there need not be. */
async function run(attack: Attack, input: Parameters<Attack["poison"]>[0]) {
  try {
    return await attack.poison(input);
  } catch (error) {
    if (!(error instanceof StageError)) throw error;
    const { message, hint } = error;
    throw new StageError(message.replace(/^params\.yaml: /, ""), { ...(hint && { hint }), cause: error });
  }
}
