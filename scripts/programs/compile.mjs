import { readFileSync } from "node:fs";
import { relative, sep } from "node:path";
import { build } from "esbuild";

/** Packages of the older kind call `require`, which a module has not. */
const REQUIRE =
  'import { createRequire as requireOfModule } from "node:module";\nconst require = requireOfModule(import.meta.url);';

/**
 * Compiles TypeScript programs, with all that they import of the project, to JavaScript modules `NAME.mjs`.
 *
 * @param {object} job
 * @param {string} job.root the project's folder
 * @param {Record<string, string>} job.sources by name, from that folder
 * @param {string} job.folder where they are written
 * @param {string[]} job.external packages that are loaded as they are; all others are compiled in
 * @param {(place: string) => string} job.placeOf what stands in a module for `import.meta.url`, by its place in the project
 * @param {import("esbuild").BuildOptions} [job.options]
 */
export const compile = ({ root, sources, folder, external, placeOf, options }) =>
  build({
    absWorkingDir: root,
    entryPoints: sources,
    outdir: folder,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    splitting: true,
    external: external.flatMap((name) => [name, `${name}/*`]),
    format: "esm",
    platform: "node",
    target: "node20.19",
    sourcemap: true,
    sourcesContent: false,
    banner: { js: REQUIRE },
    logLevel: "warning",
    plugins: [ownPlace(root, placeOf)],
    ...options,
  });

/**
 * Modules of the project look for files beside them by `import.meta.url`: that stays the place of their source, wherever the compiled
 * program lies.
 * @param {string} root
 * @param {(place: string) => string} placeOf
 * @returns {import("esbuild").Plugin}
 */
const ownPlace = (root, placeOf) => ({
  name: "own place",
  setup({ onLoad }) {
    onLoad({ filter: /\.(ts|mjs)$/, namespace: "file" }, ({ path }) => {
      const place = relative(root, path).replaceAll(sep, "/");
      if (!/^(src|stages)\//.test(place)) return undefined;
      const text = readFileSync(path, "utf8"); // one after the other: few files may be open at once
      const contents = text.replaceAll("import.meta.url", `(${placeOf(place)})`);
      return { contents, loader: path.endsWith(".ts") ? "ts" : "js" };
    });
  },
});
