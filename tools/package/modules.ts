import { readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { compile } from "../../scripts/programs/compile.mjs";
import { sources } from "../../scripts/programs/programs.mjs";

/** The folder of the public modules: `dvc-poison/NAME` is its NAME.ts. */
export const PUBLIC = "src/public";

/**
 * Compiles programs and public modules. All packages are compiled in but those that package.json lists as dependencies: so that whoever
 * installs it, with whatever package manager, computes with the versions that it was built and tested with.
 * @returns the places in node_modules of the packages that were compiled in.
 */
export async function buildModules(folder: string): Promise<string[]> {
  const { dependencies } = JSON.parse(readFileSync("package.json", "utf8"));
  const api = readdirSync(PUBLIC)
    .filter((file) => file.endsWith(".ts"))
    .map((file) => [`api/${basename(file, ".ts")}`, join(PUBLIC, file)]);
  const programs = Object.entries(sources()).map(([name, source]) => [`programs/${name}`, source]);
  const { metafile } = await compile({
    root: process.cwd(),
    sources: Object.fromEntries([...api, ...programs]),
    folder,
    // zod's types stand in ours; its code, of many small files, is compiled in.
    external: Object.keys(dependencies).filter((name) => name !== "zod"),
    // Every module lies two folders deep in the package.
    placeOf: (place) => `new URL(${JSON.stringify(`../../${place}`)}, import.meta.url).href`,
    options: { chunkNames: "chunks/[name]-[hash]", minifySyntax: true, minifyWhitespace: true, metafile: true },
  });
  for (const file of Object.keys(metafile?.outputs ?? {})) if (file.endsWith(".map")) addSources(file);
  const places = Object.keys(metafile?.inputs ?? {}).flatMap(
    (input) => /^(node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(input)?.[1] ?? [],
  );
  return [...new Set(places)].sort();
}

/** Puts our own sources into a source map: they are not in the package. */
function addSources(file: string): void {
  const map = JSON.parse(readFileSync(file, "utf8")) as { sources: string[]; sourcesContent?: (string | null)[] };
  const place = (source: string) => join(dirname(file), source);
  const isOurs = (source: string) => !place(source).startsWith("node_modules");
  if (map.sources.some(isOurs)) {
    map.sourcesContent = map.sources.map((source) => (isOurs(source) ? readFileSync(place(source), "utf8") : null));
    writeFileSync(file, JSON.stringify(map));
  } else {
    dropMap(file);
  }
}

/** Of a module that is made of other packages alone nobody needs a map: their sources are not here. */
function dropMap(file: string): void {
  rmSync(file);
  const module = file.replace(/\.map$/, "");
  writeFileSync(module, readFileSync(module, "utf8").replace(/\/\/# sourceMappingURL=.*\n?$/, ""));
}
