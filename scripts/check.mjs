import { join } from "node:path";
import { cli } from "./setup/cli.mjs";
import { nodeModules, root } from "./setup/paths.mjs";
import { passOn } from "./setup/run.mjs";
import { setup } from "./setup/setup.mjs";

const help = `npm run check -- [--fix]

What continuous integration runs: format and lint (Biome), types (TypeScript), then all tests. Stops at the first that fails.

  --fix   let Biome write what it can mend`;

await cli(async () => {
  const args = process.argv.slice(2);
  if (args.includes("--help") || args.includes("-h")) return console.log(help);
  await setup({ develop: true, test: true });
  const checks = {
    "Format and lint": [
      nodeModules("@biomejs", "biome", "bin", "biome"),
      "check",
      ...(args.includes("--fix") ? ["--write"] : []),
    ],
    Types: [nodeModules("typescript", "bin", "tsc"), "--noEmit"],
    Tests: [join(root, "scripts", "test.mjs")],
  };
  for (const [name, command] of Object.entries(checks)) {
    console.log(`\n${name}`);
    const code = await passOn(process.execPath, command);
    if (code !== 0) return code;
  }
});
