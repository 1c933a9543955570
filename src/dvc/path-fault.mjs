/*
 * Paths of a project that DVC 3 does not cope with. Plain JavaScript: doctor and start ask before any package is installed.
 */

/**
 * What DVC makes of a path, for people; nothing where it copes with it.
 *
 * @param {string} path of the project's folder, absolute
 * @returns {{message: string, hint: string, always: boolean} | undefined} `always`: it runs no stage there at all
 */
export function pathFault(path) {
  const hint = "move the project, or rename the folder";
  // It formats each command with the path in it (str.format).
  if (/[{}]/.test(path))
    return { message: `${path}: DVC runs no stage in a folder with { or } in its path.`, hint, always: true };
  // It goes by a file:// address from the repository to the copy: `#` and `?` end the path there, `%41` is an A.
  const sign = /[#?]|%[0-9a-f]{2}/i.exec(path)?.[0];
  if (sign === undefined) return undefined;
  return {
    message: `${path}: DVC fails in, or loses, an experiment of --temp or the queue where a path has ${sign} in it.`,
    hint,
    always: false,
  };
}
