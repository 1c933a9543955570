/*
 * Writes the documentation of the public API from the doc comments of src/public into docs/api: `node --import tsx tools/api-docs.ts`.
 * TypeDoc reads TypeScript 6 and no newer one: it is locked in tools/api-docs and installed beside the project, where it is needed.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { npmCi } from "../scripts/setup/npm.mjs";
import { root } from "../scripts/setup/paths.mjs";
import { attempt } from "../scripts/setup/run.mjs";
import { digest, readStamp, removeStamp, writeStamp } from "../scripts/setup/stamp.mjs";

/** Where the documentation is committed. */
export const DOCS = "docs/api";

const FILES = ["package.json", "package-lock.json"];
const source = join(root, "tools", "api-docs");
const place = join(root, ".dvc-poison", "api-docs");

/** What the interface around it describes. */
const UNDOCUMENTED = ["stage.Stage.run"];

/** Installs TypeDoc as tools/api-docs locks it, unless it is there. No package runs a script of its own. */
export async function installTypeDoc(): Promise<void> {
  const stamp = join(place, "setup.json");
  const inputs = digest(...FILES.map((file) => readFileSync(join(source, file), "utf8")));
  if (readStamp(stamp)?.inputs === inputs && existsSync(join(place, "node_modules"))) return;
  removeStamp(stamp);
  mkdirSync(place, { recursive: true });
  for (const file of FILES) copyFileSync(join(source, file), join(place, file));
  await npmCi(place);
  writeStamp(stamp, { inputs });
}

/** The modules that others import, `dvc-poison` last: it only points to what the others hold. */
export const entryPoints = (folder = join(root, "src", "public")): string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith(".ts"))
    .sort((a, b) => Number(a === "index.ts") - Number(b === "index.ts") || (a < b ? -1 : 1))
    .map((file) => join(folder, file));

/**
 * Writes the documentation of some modules as Markdown: no paths of this machine, no dates, no revisions.
 * @param options by default the public modules; of others also the tsconfig.json, and what may go without a doc comment.
 * @throws Error with TypeDoc's complaints: an export without a doc comment, a link to nothing.
 */
export async function writeApiDocs(
  folder: string,
  { modules, tsconfig, undocumented } = {
    modules: entryPoints(),
    tsconfig: join(source, "tsconfig.json"),
    undocumented: UNDOCUMENTED,
  },
): Promise<void> {
  const packages = join(place, "node_modules");
  const { ok, output } = await attempt(process.execPath, [
    ...[join(packages, "typedoc", "bin", "typedoc"), "--options", join(source, "typedoc.json"), "--tsconfig", tsconfig],
    ...["--plugin", join(packages, "typedoc-plugin-markdown", "dist", "index.js")],
    ...["--plugin", join(packages, "typedoc-plugin-zod", "dist", "plugin.js")],
    ...modules.flatMap((module) => ["--entryPoints", module]),
    ...undocumented.flatMap((name) => ["--intentionallyNotDocumented", name]),
    ...["--out", resolve(folder)],
  ]);
  if (!ok || !existsSync(join(folder, "README.md"))) throw new Error(`TypeDoc: ${output}`);
}

/** The files of a folder of documentation, by name. */
export const readDocs = (folder: string): Record<string, string> =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((file) => [basename(file), readFileSync(join(folder, file), "utf8")]),
  );

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  await installTypeDoc();
  const written = join(place, "docs"); // what is committed stays as it is where TypeDoc complains
  rmSync(written, { recursive: true, force: true });
  await writeApiDocs(written);
  rmSync(DOCS, { recursive: true, force: true });
  cpSync(written, DOCS, { recursive: true });
}
