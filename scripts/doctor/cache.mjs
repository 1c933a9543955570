import { activated, dvc, root } from "../setup/paths.mjs";
import { attempt, lastLines } from "../setup/run.mjs";

/** @typedef {import("./finding.mjs").Finding} Finding */

const isAscii = (/** @type {string} */ text) => /^\p{ASCII}*$/u.test(text);

/**
 * DVC writes the path of its cache, as ASCII whatever the locale, into the settings of each copy that `--temp` and the queue make: worth
 * a line only where that cannot be.
 * @returns {Promise<Finding[]>}
 */
export async function examineCache() {
  if (isAscii(root)) return [];
  const { ok, stdout } = await attempt(dvc, ["cache", "dir"], { env: activated(), timeout_s: 20 });
  const folder = lastLines(stdout, 1);
  if (!ok || isAscii(folder)) return [];
  return [
    {
      label: "DVC's cache",
      text: `${folder} is not ASCII: DVC's --temp and queue fail with "'ascii' codec"`,
      remedy: "dvc cache dir --local FOLDER, to one whose path is ASCII, or move the project",
    },
  ];
}
