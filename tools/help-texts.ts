/*
 * Writes scripts/programs/help/NAME.txt: what each program that is compiled says for `--help`.
 *   node --import tsx tools/help-texts.ts
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { folder } from "../scripts/programs/help.mjs";
import { programNames, sources } from "../scripts/programs/programs.mjs";

/** The programs that have a text, and their sources. */
export function programsWithHelp(): Record<string, string> {
  const { stages, commands } = programNames();
  const all = sources();
  return {
    ...Object.fromEntries([...stages, ...commands].map((name) => [name, all[name] as string])),
    bench: "tools/bench.ts",
  };
}

/** What a program says, on a terminal of 80 columns. */
export function askHelp(source: string): string {
  const said = execFileSync(process.execPath, ["--import", "tsx", source, "--help"], { encoding: "utf8" });
  return `${said.trimEnd()}\n`;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const programs = programsWithHelp();
  mkdirSync(folder, { recursive: true });
  for (const file of readdirSync(folder)) rmSync(join(folder, file));
  for (const [name, source] of Object.entries(programs)) writeFileSync(join(folder, `${name}.txt`), askHelp(source));
}
