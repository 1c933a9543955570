import { join } from "node:path";
import { run } from "../../scripts/setup/run.mjs";

/** Fetches Node.js 24 from npm into a folder. @returns it, told to have V8 join neighbouring vectors of WebAssembly. */
export async function fetchWideNode(folder: string): Promise<string[]> {
  const name = `node-${process.platform.replace("win32", "win")}-${process.arch}`;
  const options = ["--no-save", "--ignore-scripts", "--no-audit", "--no-fund"];
  await run("npm", ["install", "--prefix", folder, ...options, `${name}@24`], {
    hint: "it comes from the npm registry that npm is configured for; without --builds it is not needed",
  });
  return [join(folder, "node_modules", name, "bin", "node"), "--experimental-wasm-revectorize"];
}
