import { cli } from "./setup/cli.mjs";
import { isCommitted, lentIdentity } from "./setup/git.mjs";
import { unsettledMerge } from "./setup/merge.mjs";
import { activated, ours } from "./setup/paths.mjs";
import { passOn } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";
import { SetupError } from "./setup/setup-error.mjs";

await cli(async () => {
  const args = process.argv.slice(2);
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
  return passOn(process.execPath, [ours("scripts", "cli.mjs"), "sweep-program", ...args], environment);
});
