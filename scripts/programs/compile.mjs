import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import { build } from "esbuild";

/** Packages that are compiled into the programs: those that consist of many small files. All others are loaded as they are. */
const BUNDLED = ["string-width", "yaml", "yargs", "zod"];

/** Packages of the older kind call `require`, which a module has not. */
const REQUIRE =
  'import { createRequire as requireOfModule } from "node:module";\nconst require = requireOfModule(import.meta.url);';

/**
 * Compiles TypeScript programs, with all that they import of the project, to JavaScript modules `NAME.mjs`.
 *
 * @param {string} root the project's folder
 * @param {Record<string, string>} sources by name, from that folder
 * @param {string} folder where they are written
 */
export async function compile(root, sources, folder) {
  const { dependencies } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const others = Object.keys(dependencies).filter((name) => !BUNDLED.includes(name));
  await build({
    absWorkingDir: root,
    entryPoints: sources,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    external: others.flatMap((name) => [name, `${name}/*`]),
    format: "esm",
    platform: "node",
    target: "node20.10",
    sourcemap: true,
    sourcesContent: false,
    banner: { js: REQUIRE },
    logLevel: "warning",
    plugins: [ownPlace(root)],
  });
}

/**
 * Modules of the project look for files beside them by `import.meta.url`: that stays the place of their source, in whichever copy of
 * the project the program runs.
 * @param {string} root
 * @returns {import("esbuild").Plugin}
 */
const ownPlace = (root) => ({
  name: "own place",
  setup({ onLoad }) {
    onLoad({ filter: /\.(ts|mjs)$/, namespace: "file" }, async ({ path }) => {
      const place = relative(root, path).replaceAll(sep, "/");
      if (!/^(src|stages)\//.test(place)) return undefined;
      const text = await readFile(path, "utf8");
      const contents = text.replaceAll("import.meta.url", `(globalThis.dvcPoisonRoot + ${JSON.stringify(place)})`);
      return { contents, loader: path.endsWith(".ts") ? "ts" : "js" };
    });
  },
});
