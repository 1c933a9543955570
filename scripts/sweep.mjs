import { asksForHelp, helpOf } from "./programs/help.mjs";
import { cli } from "./setup/cli.mjs";
import { isCommitted, lentIdentity } from "./setup/git.mjs";
import { unsettledMerge } from "./setup/merge.mjs";
import { activated, ours } from "./setup/paths.mjs";
import { passOn } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";
import { SetupError } from "./setup/setup-error.mjs";

const program = ours("scripts", "cli.mjs");

await cli(async () => {
  const args = process.argv.slice(2);
  if (asksForHelp(args)) return sayHelp();
  if (!(await isCommitted({ copies: true }))) {
    throw new SetupError(
      "A sweep is made of DVC's experiments, which need a git repository with a commit in this folder.",
      {
        hint: "git init && git add -A && git commit -m 'Start'",
      },
    );
  }
  const merge = await unsettledMerge();
  if (merge) throw new SetupError(merge.message, merge);
  await setup({ pipeline: true });
  const environment = { ...activated(), ...(await lentIdentity()) };
  return passOn(process.execPath, [program, "sweep-program", ...args], environment);
});

/** From the committed text; by the program itself where the package is installed. */
async function sayHelp() {
  const text = helpOf("sweep");
  if (text === undefined) return passOn(process.execPath, [program, "sweep-program", "--help"]);
  console.log(text);
}
