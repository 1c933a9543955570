/** What cameras, programs and people who count call an image: no classes. */
const NO_CLASS =
  /^(images?|img|imgs|photos?|pics?|pict|pictures?|frames?|dsc[nf]?|dscf|mvi|pxl|p|screenshot|scan|file|untitled|copy|train|test|val|sample)$/i;

/** A name that ends in a number: `cat.0`, `Abyssinian_100`, `dog (12)`, `n01440764_10026`. */
const NUMBERED = /^(.*?)[\s._-]*\(?\d+\)?$/;

/**
 * The class of each image, where the names of the files say it: every name is a class and a number, `cat.0.jpg`.
 * @param names of files, without folders.
 * @returns one class a name, or nothing where the names are not of this kind: another name is among them, a class stands there only
 *   once, or there are not two.
 */
export function classesByName(names: readonly string[]): string[] | undefined {
  const classes: string[] = [];
  const counts = new Map<string, number>();
  for (const name of names) {
    const label = NUMBERED.exec(name.replace(/\.[^.]*$/, ""))?.[1]?.trim();
    if (!label || !/\p{L}/u.test(label) || NO_CLASS.test(label)) return undefined;
    classes.push(label);
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  return counts.size > 1 && [...counts.values()].every((count) => count > 1) ? classes : undefined;
}
