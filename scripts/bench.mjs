import { asksForHelp, helpOf } from "./programs/help.mjs";
import { cli } from "./setup/cli.mjs";
import { passOn } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";

await cli(async () => {
  if (asksForHelp(process.argv)) return console.log(helpOf("bench"));
  await setup({ develop: true });
  return passOn(process.execPath, ["--import", "tsx", "tools/bench.ts", ...process.argv.slice(2)]);
});
