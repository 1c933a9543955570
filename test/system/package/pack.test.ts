import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { before, test } from "node:test";
import { lockedPackages } from "../../../scripts/setup/locked-packages.mjs";
import { root } from "../../../scripts/setup/paths.mjs";
import { tarball } from "../../support/tarball.ts";
import { temporaryFolder } from "../../support/temporary-folder.ts";

/** Bytes that the tarball may have. */
const MOST_BYTES = 2_500_000;

/** What a package consists of, by the beginning of the path. */
const WANTED = [
  /^(README|CHANGELOG)\.md$|^LICENSE$|^package\.json$/,
  /^dist\/(programs|chunks|api)\/[\w.-]+\.mjs(\.map)?$/,
  /^dist\/types\/[\w/-]+\.d\.m?ts$/,
  /^dist\/template\/(dvc\.yaml|params\.yaml|dvc-poison\.mjs|plots\/[\w-]+\.(json|html))$/,
  /^dist\/(stages\.lock\.json|THIRD-PARTY-LICENSES\.txt)$/,
  /^scripts\/(cli|doctor|mlflow|setup|start|sweep)\.mjs$/,
  /^scripts\/(doctor|setup|start|programs)\/[\w-]+\.mjs$/,
  /^scripts\/setup\/(canvas|tensorflow)\/package(-lock)?\.json$/,
  /^scripts\/setup\/include\/[\w.]+$/,
  /^scripts\/python\/requirements[\w-]*\.txt$/,
  /^src\/networks\/convolution\/cpp\/[\w.-]+$/,
  /^src\/plots\/fonts\.conf$/,
  /^src\/runners\/run_on_ray\.py$/,
  /^src\/[\w/-]+\.(mjs|cjs|wasm)$/,
];

let file: string;
let unpacked: string;

before(async (t) => {
  file = await tarball();
  unpacked = temporaryFolder(t as never);
  assert.equal(spawnSync("tar", ["-xzf", file, "-C", unpacked]).status, 0);
});

const packed = () =>
  readdirSync(join(unpacked, "package"), { recursive: true, encoding: "utf8" }).filter((path) =>
    statSync(join(unpacked, "package", path)).isFile(),
  );

test("the tarball holds what is needed and nothing else: no tests, no tools, no sources in TypeScript", () => {
  const files = packed();
  assert.deepEqual(
    files.filter((path) => !WANTED.some((wanted) => wanted.test(path))),
    [],
  );
  for (const wanted of WANTED)
    assert.ok(
      files.some((path) => wanted.test(path)),
      `nothing of ${wanted}`,
    );
  assert.ok(statSync(file).size < MOST_BYTES, `${statSync(file).size} bytes`);
});

test("all that the plain programs import is there", () => {
  const missing = packed()
    .filter((path) => /^(scripts|src)\/.*\.[cm]js$/.test(path))
    .flatMap((path) => {
      const text = readFileSync(join(unpacked, "package", path), "utf8").replaceAll(/\/\*.*?\*\//gs, "");
      const named = [...text.matchAll(/(?:from |import\(|require\()"(\.[^"]+)"/g)].map(([, name]) =>
        join(dirname(path), name as string),
      );
      return named.filter((name) => !packed().includes(name)).map((name) => `${path} imports ${name}`);
    });
  // Those of the repository alone are not reached where the package is installed.
  assert.deepEqual(
    missing.filter((text) => !/imports scripts\/(setup\/(chromium|node-packages)|programs\/compile)\.mjs$/.test(text)),
    [],
  );
});

test("source maps hold our sources, and lead to lines that are there", () => {
  const maps = packed().filter((path) => path.endsWith(".map"));
  assert.ok(maps.length > 20);
  for (const path of maps) {
    const map = JSON.parse(readFileSync(join(unpacked, "package", path), "utf8"));
    const ours = map.sources.filter((source: string) => !source.includes("node_modules"));
    assert.ok(ours.length > 0, path);
    for (const [i, source] of map.sources.entries())
      if (!source.includes("node_modules")) assert.ok(map.sourcesContent[i].length > 0, `${path}: ${source}`);
  }
});

test("publint and Are the types wrong? find nothing", async () => {
  const place = ".dvc-poison/package-checks";
  const checks = lockedPackages({
    name: "checks",
    lock: "../../tools/package-checks",
    place,
    packagePlace: `${place}/node_modules/publint`,
  });
  if (!(await checks.done())) await checks.run(() => {});
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--input-type=module"], {
    cwd: join(root, place),
    env: { ...process.env, POISON_TARBALL: file },
    input: readFileSync("tools/package-checks/check.mjs"),
    encoding: "utf8",
  });
  assert.equal(status, 0, stderr);
  const { messages, problems, entrypoints } = JSON.parse(stdout);
  assert.deepEqual(messages, []);
  assert.ok(entrypoints.includes("./mlflow"));
  // It is a package of modules: whoever requires it gets an error, and "node10" knows no exports. The command has no types.
  const real = problems.filter(
    ({ kind, resolutionKind, entrypoint }: { kind: string; resolutionKind?: string; entrypoint?: string }) =>
      kind !== "CJSResolvesToESM" &&
      resolutionKind !== "node10" &&
      !(entrypoint === "./cli" && kind === "UntypedResolution"),
  );
  assert.deepEqual(real, []);
});

test("a strict project compiles against the types, libraries checked, with no package of ours but zod", (t) => {
  const folder = temporaryFolder(t);
  const modules = join(folder, "node_modules");
  mkdirSync(modules);
  for (const [from, name] of [
    [join(unpacked, "package"), "dvc-poison"],
    [join(root, "node_modules", "zod"), "zod"],
    [join(root, "node_modules", "@types"), "@types"],
    [join(root, "node_modules", "undici-types"), "undici-types"],
  ] as const)
    assert.equal(spawnSync("cp", ["-r", from, join(modules, name)]).status, 0);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  const subpaths = Object.keys(JSON.parse(readFileSync("package.json", "utf8")).exports)
    .filter((path) => !["./cli", "./package.json"].includes(path))
    .map((path) => `dvc-poison${path.slice(1)}`);
  assert.ok(subpaths.length >= 9);
  writeFileSync(
    join(folder, "use.ts"),
    `${subpaths.map((path, i) => `import * as m${i} from "${path}";`).join("\n")}
import { runStage, input, output } from "dvc-poison/stage";
import { z } from "zod";
console.log(${subpaths.map((_, i) => `m${i}`).join(", ")});
await runStage({
  describe: "Counts.",
  params: ["poison"],
  own: { "count.least": z.number() },
  paths: { labels: input("label table"), out: output("numbers") },
  async run({ params, own, paths }) {
    const least: number = own["count.least"];
    // @ts-expect-error a parameter that was not asked for
    console.log(params.seed);
    console.log(params.poison + least, paths.labels, paths.out);
  },
});
`,
  );
  const options = [
    "--strict",
    "--exactOptionalPropertyTypes",
    "--noUncheckedIndexedAccess",
    "--noEmit",
    "--skipLibCheck",
    "false",
  ];
  const tsc = [
    join(root, "node_modules", "typescript", "bin", "tsc"),
    ...options,
    "--module",
    "nodenext",
    "--target",
    "es2023",
    "--lib",
    "es2023,esnext.disposable",
    "--types",
    "node",
    "use.ts",
  ];
  const { status, stdout } = spawnSync(process.execPath, tsc, { cwd: folder, encoding: "utf8" });
  assert.equal(status, 0, stdout);
});
