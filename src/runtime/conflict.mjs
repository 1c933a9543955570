/*
 * What a merge that nobody has settled leaves in a file. Plain JavaScript: the set-up looks before any package is installed.
 */

/**
 * The first conflict in a text, for people; nothing where there is none.
 *
 * @param {string} text
 * @param {string} file what messages call it
 * @returns {{message: string, hint: string} | undefined}
 */
export function conflictIn(text, file) {
  // At the beginning of lines, where no file of ours has anything like it.
  const begin = /^<{7}(?: |\r?$)/m.exec(text);
  if (begin === null || !/^>{7}(?: |\r?$)/m.test(text)) return undefined;
  const line = text.slice(0, begin.index).split("\n").length;
  const renewed = /\.(lock|json)$/.test(file) ? "; `dvc repro` renews what differs" : "";
  return {
    message: `${file}:${line}: conflict markers of git (<<<<<<<): a merge was left unsettled.`,
    hint: `Take one side (\`git checkout --ours ${file}\` or \`--theirs\`) or edit it${renewed}.`,
  };
}
