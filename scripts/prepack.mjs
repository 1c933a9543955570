import { cli } from "./setup/cli.mjs";
import { nodePackages } from "./setup/node-packages.mjs";
import { run } from "./setup/run.mjs";
import { runSteps } from "./setup/step.mjs";

// npm calls this for `npm pack` and `npm publish`, whose own output is on standard output.
console.log = console.error;

await cli(async () => {
  await runSteps(() => [nodePackages]);
  await run(process.execPath, ["--import", "tsx", "tools/package.ts"]);
});
