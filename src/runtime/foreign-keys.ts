/** A mapping by keys that somebody else has chosen. It inherits nothing: a key such as `constructor` is there only where it was written. */
export const byForeignKeys = <T>(entries: Iterable<readonly [string, T]>): Record<string, T> =>
  Object.assign(Object.create(null) as Record<string, T>, Object.fromEntries(entries));
