import { readdirSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import { parseArgs } from "node:util";
import { cli } from "./setup/cli.mjs";
import { activated, root } from "./setup/paths.mjs";
import { passOn } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";
import { SetupError } from "./setup/setup-error.mjs";

const help = `npm test -- [FILE or part of a file's path]… [--OPTION=VALUE of node --test]…

Sets up what is missing, then runs the tests: those of test/unit, then those of test/system, or those in the files that are named.

  npm test -- attacks labels                 the test files with "attacks" or "labels" in their path under test/
  npm test -- --test-name-pattern=nested     the tests with "nested" in their name
  npm run test:unit                          test/unit alone: without Python, network, weights and DVC, in under a minute`;

await cli(async () => {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) return console.log(help);
  const { folders, names, options } = parse(args);
  const files = chooseFiles(folders, names);
  await setup({ test: true });
  const runner = ["--import", "tsx", "--test", "--test-concurrency=2", "--test-reporter=spec"];
  return passOn(process.execPath, [...runner, ...options, ...files], activated());
});

/** `--in FOLDER` says which folders of `test` count; what else begins with a dash is for `node --test`. @param {string[]} args */
function parse(args) {
  const { values, positionals } = parseArgs({
    args: args.filter((arg) => !arg.startsWith("-") || /^--in=/.test(arg)),
    options: { in: { type: "string", multiple: true } },
    allowPositionals: true,
  });
  const options = args.filter((arg) => arg.startsWith("-") && !/^--in=/.test(arg));
  return { folders: values.in, names: positionals, options };
}

/**
 * The test files with one of these names, or with it as a part of their path; without a name, all of unit and system.
 *
 * @param {string[] | undefined} folders of `test`; without any, a name is looked for in all
 * @param {string[]} names
 */
function chooseFiles(folders, names) {
  const all = (folders ?? ["unit", "system"]).flatMap(testFiles);
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

/** The test files in a folder of `test`, by path from the project's folder. @param {string} folder */
function testFiles(folder) {
  return readdirSync(join(root, "test", folder), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${folder}/${file.replaceAll(sep, "/")}`)
    .sort();
}
