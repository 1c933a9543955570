import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestContext } from "node:test";
import { root } from "../../scripts/setup/paths.mjs";
import { createHost, type Host } from "./host.ts";

/** A copy of an example, in which the package is installed from its tarball. */
export interface Example extends Host {
  /** The files of the example as they are committed, by path. */
  committed: Record<string, string>;
  /**
   * Runs all that its README tells to type after `npm install`; what each line printed, by the line.
   * @param here turns a line into what is to be typed here.
   */
  follow(here?: (line: string) => string): Map<string, string>;
}

/** Copies an example and does what its README begins with: a DVC project in git, and the package. */
export async function createExample(t: TestContext, name: string): Promise<Example> {
  const committed = filesOf(join(root, "examples", name));
  const [first, ...others] = shellBlocks(committed["README.md"] as string);
  assert.deepEqual(first, ["git init", "dvc init", "npm install"], "what createHost does");
  assert.ok(others.length > 0);
  const host = await createHost(t, { name, files: committed });
  const follow = (here = (line: string) => line) =>
    new Map(others.flat().map((line) => [line, host.must("bash", "-c", here(line))]));
  return { ...host, committed, follow };
}

/** The lines of each block of shell commands. */
export const shellBlocks = (markdown: string): string[][] =>
  [...markdown.matchAll(/^```sh\n(.*?)^```/gms)].map(([, block]) => (block as string).trim().split("\n"));

/** What git would take of a folder: an example that somebody has run in place has more. */
function filesOf(folder: string): Record<string, string> {
  const ignored = readFileSync(join(folder, ".gitignore"), "utf8").split("\n");
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((file) => !ignored.includes(`/${file.split("/", 1)[0]}`));
  return Object.fromEntries(files.map((file) => [file, readFileSync(join(folder, file), "utf8")]));
}
