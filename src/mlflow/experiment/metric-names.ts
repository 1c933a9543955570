/** A mapping of more numbers, of every class say, stays in its file: MLflow's pages draw a chart for each, and the curves would not be found. */
const MOST = 10;

/** The numbers in a nested mapping, with dots in their names, which hold only what MLflow allows. */
export function numbersIn(values: object, prefix = ""): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]): [string, number][] => {
      const name = `${prefix}${key.replaceAll(/[^\p{L}\p{N}_. -]/gu, "_")}`;
      if (typeof value === "number") return [[name, value]];
      return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length <= MOST
        ? Object.entries(numbersIn(value, `${name}.`))
        : [];
    }),
  );
}
