import { isHarness } from "../src/stage/harness.ts";
import { importClosure, importsOf, packagesIn } from "./import-closure.ts";

/** The files that can change a byte of a stage's outputs: its program and all that it reaches without passing through the harness. */
export const stageFiles = (stage: string): string[] =>
  importClosure(`stages/${stage}.ts`, (file) => importsOf(file).filter((other) => !isHarness(other)));

/** What starts a program is of the harness too. */
const STARTER = "tsx";

/** The packages that these files load, sorted names. */
export function stagePackages(stage: string): string[] {
  const files = stageFiles(stage).filter((file) => /\.(ts|cjs)$/.test(file));
  return [...new Set(files.flatMap(packagesIn))].filter((name) => name !== STARTER).sort();
}
