/** A level of poison for people, without its unit: at most two decimals, `7.5`, `33.33`; what would round to nothing is `< 0.01`. */
export const levelText = (percent: number): string =>
  percent > 0 && percent < 0.005 ? "< 0.01" : String(Number(percent.toFixed(2)));

/** What became of a poisoned label: of two classes it is swapped, of more it is one of the others. */
export const changedWord = (classes: number): string => (classes === 2 ? "swapped" : "reassigned");
