import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { cli } from "./setup/cli.mjs";
import { activated, root } from "./setup/paths.mjs";
import { passOn } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";
import { SetupError } from "./setup/setup-error.mjs";

const help = `npm test -- [FILE or part of a file's name]… [--OPTION=VALUE of node --test]…

Sets up what is missing, then runs the tests: all of them, or those in the files that are named.

  npm test -- poison labels                  test/poison.test.ts and test/labels.test.ts
  npm test -- --test-name-pattern=nested     the tests with "nested" in their name`;

await cli(async () => {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) return console.log(help);
  const files = chooseFiles(args.filter((arg) => !arg.startsWith("-")));
  await setup({ test: true });
  const options = ["--import", "tsx", "--test", "--test-concurrency=2", "--test-reporter=spec"];
  return passOn(process.execPath, [...options, ...args.filter((arg) => arg.startsWith("-")), ...files], activated());
});

/** The test files with one of these names, or with it as a part of theirs; without a name, all. @param {string[]} names */
function chooseFiles(names) {
  const all = readdirSync(join(root, "test"))
    .filter((file) => file.endsWith(".test.ts"))
    .map((file) => `test/${file}`);
  if (names.length === 0) return all;
  return names.flatMap((name) => {
    const chosen = statSync(join(root, name), { throwIfNoEntry: false })?.isFile()
      ? [name]
      : all.filter((file) => file.includes(name));
    if (chosen.length === 0)
      throw new SetupError(`No test file has "${name}" in its name.`, { hint: `there are: ${all.join(" ")}` });
    return chosen;
  });
}
