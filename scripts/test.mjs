import { readdirSync, statSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join, sep } from "node:path";
import { cli } from "./setup/cli.mjs";
import { activated, root } from "./setup/paths.mjs";
import { passOn } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";
import { SetupError } from "./setup/setup-error.mjs";

const help = `npm test -- [FILE or part of a file's path]… [--OPTION=VALUE of node --test]…

Sets up what is missing, then runs the tests: those of test/unit, then those of test/system, or those in the files that are named.

  npm test -- attacks labels                 the test files with "attacks" or "labels" in their path under test/
  npm test -- --test-name-pattern=nested     the tests with "nested" in their name
  npm run test:unit                          test/unit alone: without Python, network, weights and DVC, in under a minute
  npm run test:matrix                        test/matrix alone: other versions of Node, Python, DVC, MLflow; it downloads them`;

/** Parts of the paths of files that take longest: they begin first, so that none of them is what all others have waited for. */
const SLOW_FIRST = ["commands/sweep", "dvc/", "scripts/setup", "stages/", "plots/", "restore/"];

/** Files at a time: DVC, TensorFlow and browsers have threads and memory of their own. */
const AT_A_TIME = Math.min(4, Math.max(2, availableParallelism()));

await cli(async () => {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) return console.log(help);
  const folders = args.filter((arg) => arg.startsWith("--in=")).map((arg) => arg.slice("--in=".length));
  const options = args.filter((arg) => arg.startsWith("-") && !arg.startsWith("--in="));
  const names = args.filter((arg) => !arg.startsWith("-"));
  const files = chooseFiles(folders, names);
  await setup({ develop: true, test: true, ray: files.some((file) => file.startsWith("test/matrix/")) });
  const runner = [join(root, "scripts", "test", "run-files.mjs"), String(AT_A_TIME)];
  return passOn(process.execPath, ["--import", "tsx", ...options, ...runner, ...files], activated());
});

/**
 * The test files with one of these names, or with it as a part of their path; without a name, all of unit and system.
 *
 * @param {string[]} folders of `test`; without any, a name is looked for in all
 * @param {string[]} names
 */
function chooseFiles(folders, names) {
  const everywhere = names.length > 0 ? ["unit", "system", "matrix"] : ["unit", "system"];
  const all = (folders.length > 0 ? folders : everywhere).flatMap(testFiles);
  if (names.length === 0) return all;
  const chosen = names.flatMap((name) => {
    const found = statSync(join(root, name), { throwIfNoEntry: false })?.isFile()
      ? [name]
      : all.filter((file) => file.slice("test/".length).includes(name));
    if (found.length === 0)
      throw new SetupError(`No test file has "${name}" in its path.`, { hint: `there are: ${all.join(" ")}` });
    return found;
  });
  return [...new Set(chosen)];
}

/** The test files in a folder of `test`, the slow ones first, by path from the project's folder. @param {string} folder */
function testFiles(folder) {
  const rank = (/** @type {string} */ file) => (SLOW_FIRST.findIndex((part) => file.includes(part)) + 1 || 99) - 1;
  return readdirSync(join(root, "test", folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${folder}/${file.replaceAll(sep, "/")}`)
    .sort((a, b) => (folder === "system" ? rank(a) - rank(b) : 0) || (a < b ? -1 : 1));
}
