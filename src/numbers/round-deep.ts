/** Numbers with six decimals, wherever they stand in a value: what is written to disk says no more than it knows. */
export function roundDeep<T>(value: T): T {
  if (typeof value === "number") return Number(value.toFixed(6)) as T;
  if (Array.isArray(value)) return value.map(roundDeep) as T;
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, roundDeep(part)])) as T;
}
