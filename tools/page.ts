/*
 * Writes the page of `dvc plots show` and `dvc plots diff`, `.dvc/plots/page.html`: one file with everything in it, so that it needs no
 * network and can be passed on. Made of tools/page/ and of the Vega libraries in node_modules.
 *   node --import tsx tools/page.ts
 */
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

/** In the order in which they need each other. */
const LIBRARIES = ["vega", "vega-lite", "vega-embed"];

/** What only the libraries' command-line programs need: it is not in their bundles. */
const NOT_BUNDLED = /^(yargs|commander|iconv-lite|@types\/.*)$/;

/**
 * The page as it is committed. DVC puts the figures in the place of `{plot_divs}`, with the names of strangers in them: they stay text,
 * and should a browser see elements in them after all, its policy lets the page's own script run alone.
 */
export function pageText(): string {
  const part = (name: string) => readFileSync(new URL(`page/${name}`, import.meta.url), "utf8").trimEnd();
  const parts: Record<string, string> = {
    "page.css": part("page.css"),
    libraries: [`/*!\n${licences()}\n*/`, ...LIBRARIES.map(bundle)].join("\n"),
    "figures.js": part("figures.js").replaceAll(/^export /gm, ""),
    "page.js": part("page.js").replace(/^\/\/ @ts-nocheck.*\n+/, ""),
  };
  const page = part("page.html").replace(
    /\/\* (page\.css|libraries|\w+\.js) \*\//g,
    (_, name) => parts[name] as string,
  );
  const script = /<script>(.*)<\/script>/s.exec(page)?.[1] as string;
  const hash = createHash("sha256").update(script).digest("base64");
  return `${page.replace("{script hash}", `sha256-${hash}`)}\n`;
}

function bundle(name: string): string {
  const text = readFileSync(join("node_modules", name, "build", `${name}.min.js`), "utf8");
  return text.replace(/^\/\/# sourceMappingURL=.*$/m, "").trim();
}

/** The licences of all that the bundles hold, each text once, below the names of its packages. */
function licences(): string {
  const packages = new Map<string, Set<string>>();
  const seen = new Set<string>();
  const visit = (folder: string) => {
    if (seen.has(folder)) return;
    seen.add(folder);
    const { name, dependencies = {} } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    if (!file) throw new Error(`${folder} holds no licence`);
    const text = readFileSync(join(folder, file), "utf8").trim().replaceAll("\r", "").replaceAll("*/", "* /");
    packages.set(text, (packages.get(text) ?? new Set()).add(name));
    const places = createRequire(resolve(folder, "package.json")).resolve.paths("x") ?? [];
    for (const dependency of Object.keys(dependencies)) {
      if (NOT_BUNDLED.test(dependency)) continue;
      visit(places.map((place) => join(place, dependency)).find((place) => existsSync(place)) as string);
    }
  };
  for (const name of LIBRARIES) visit(resolve("node_modules", name));
  return [...packages].map(([text, names]) => `${[...names].sort().join(", ")}:\n\n${text}`).join("\n\n----\n\n");
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) writeFileSync(".dvc/plots/page.html", pageText());
