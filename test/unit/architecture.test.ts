import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { importClosure, importsOf, namedIn, packagesIn, packagesNamedIn } from "../../tools/import-closure.ts";

/**
 * The rooms of src, the lowest floor first, and the rooms that each may import: only what lies below it. The folder is the rule, so that
 * a new file is held to it without anyone listing it. Imports of types count: a reader has to open them as well.
 */
const ROOMS: Record<string, readonly string[]> = {
  runtime: [],
  numbers: [],
  wasm: [],
  records: ["runtime", "numbers"],
  dvc: ["runtime", "records"],
  statistics: ["numbers", "records"],
  tensorflow: ["runtime"],
  runners: ["runtime"],
  networks: ["runtime", "records", "tensorflow"],
  attacks: ["runtime", "numbers", "records"],
  weights: ["runtime", "networks"],
  restore: ["runtime", "numbers", "records", "dvc", "networks"],
  extract: ["runtime", "records", "runners", "networks"],
  train: ["runtime", "numbers", "records", "tensorflow", "wasm"],
  kernels: ["wasm"],
  detect: ["kernels"],
  certify: ["kernels"],
  evaluate: ["runtime", "numbers", "records", "statistics", "train"],
  export: ["runtime", "records", "networks", "train"],
  plots: ["runtime", "numbers", "records", "networks"],
  stage: ["runtime", "records", "dvc", "networks", "attacks", "train"],
  mlflow: ["runtime", "numbers", "records", "dvc", "stage"],
  commands: [
    ...["runtime", "numbers", "records", "dvc", "statistics", "runners", "networks", "attacks", "weights"],
    ...["extract", "train", "evaluate", "export", "plots", "mlflow", "stage", "restore", "tensorflow"],
  ],
  public: [
    ...["runtime", "records", "statistics", "networks", "attacks", "weights"],
    ...["extract", "train", "evaluate", "export", "plots", "mlflow", "stage", "commands"],
  ],
};

/** Floors within a room. */
const WITHIN: Record<string, readonly string[]> = {
  "mlflow/client": ["runtime"],
  "mlflow/record": ["runtime", "records", "mlflow/client"],
  "mlflow/run": ["runtime", "dvc", "mlflow/client", "mlflow/record", "mlflow/replay", "mlflow/experiment"],
  "networks/pixels": ["runtime", "records"],
  "networks/pixels/files": ["records"],
  "plots/sheet": ["runtime", "records", "plots", "networks/pixels/files"],
};

/** The packages of src and the rooms that load each into their process. A new package has to be given its rooms here. */
const PACKAGES: Record<string, readonly string[]> = {
  canvas: ["plots"],
  "d3-dsv": ["records", "restore", "mlflow"],
  "dejavu-fonts-ttf": ["plots"],
  h5wasm: ["export", "weights"],
  jstat: ["statistics"],
  "markdown-table": ["commands"],
  pbf: ["weights"],
  sharp: ["restore", "networks", "extract", "plots", "mlflow"],
  "string-width": ["commands"],
  tar: ["restore", "commands"],
  vega: ["plots"],
  "vega-lite": ["plots"],
  yaml: ["runtime", "dvc", "records", "stage", "mlflow", "commands"],
  yargs: ["stage", "commands"],
  yauzl: ["restore", "weights"],
  yazl: ["export"],
  zod: ["runtime", "restore", "dvc", "records", "extract", "stage", "mlflow", "commands"],
};

/** Rooms that name types of a package beside: these imports are gone at run time. */
const TYPES: Record<string, readonly string[]> = {
  "@tensorflow/tfjs-core": ["tensorflow", "train"],
  "vega-lite": ["commands"],
};

/** The modules of src. */
const MODULES = readdirSync("src", { recursive: true, encoding: "utf8" })
  .map((file) => `src/${file.replaceAll("\\", "/")}`)
  .filter((file) => /\.([cm]?js|ts)$/.test(file));
const roomOf = (file: string) => file.split("/")[1] as string;
/** All that a module imports, for types too, reads beside it or starts. */
const imported = (file: string) => [...new Set([...namedIn(file), ...importsOf(file)])];

test("every room of src is in the table, and the table has no other", () => {
  const entries = readdirSync("src", { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual(folders.sort(), Object.keys(ROOMS).sort());
  const loose = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  assert.deepEqual(loose, [], "a file at the top of src is in no room");
});

test("the table runs downwards only", () => {
  const order = Object.keys(ROOMS);
  for (const [room, others] of Object.entries(ROOMS))
    for (const other of others) assert.ok(order.indexOf(other) < order.indexOf(room), `${room} → ${other}`);
});

test("docs/architecture.md has the same floors, the highest first", () => {
  const rows = [...readFileSync("docs/architecture.md", "utf8").matchAll(/^\| `([\w-]+)\/` \|/gm)];
  const floors = rows.map((row) => row[1] as string).reverse();
  assert.deepEqual([...floors].sort(), Object.keys(ROOMS).sort());
  for (const [room, others] of Object.entries(ROOMS))
    for (const other of others) assert.ok(floors.indexOf(other) < floors.indexOf(room), `${room} → ${other}`);
});

test("a room imports the rooms that the table allows it, and no stage, script, tool or test", () => {
  const faults = MODULES.flatMap((file) =>
    imported(file)
      .filter((other) => !other.startsWith(`src/${roomOf(file)}/`))
      .filter((other) => !other.startsWith("src/") || !ROOMS[roomOf(file)]?.includes(roomOf(other)))
      .map((other) => `${file} imports ${other}`),
  );
  assert.deepEqual(faults, []);
});

test("floors within a room", () => {
  for (const [folder, allowed] of Object.entries(WITHIN)) {
    const files = MODULES.filter((file) => file.startsWith(`src/${folder}/`));
    assert.ok(files.length > 0, folder);
    const inside = [folder, ...allowed].map((place) => `src/${place}/`);
    for (const file of files)
      for (const other of imported(file))
        assert.ok(
          inside.some((place) => other.startsWith(place)),
          `${file} imports ${other}`,
        );
  }
});

test("no two rooms need each other, whatever the way round", () => {
  const reached = new Map<string, Set<string>>();
  for (const file of MODULES)
    for (const other of imported(file).filter((path) => path.startsWith("src/") && roomOf(path) !== roomOf(file)))
      reached.set(roomOf(file), (reached.get(roomOf(file)) ?? new Set()).add(roomOf(other)));
  const circle = (room: string, way: readonly string[]): string | undefined =>
    way.includes(room)
      ? [...way.slice(way.indexOf(room)), room].join(" → ")
      : [...(reached.get(room) ?? [])].map((next) => circle(next, [...way, room])).find((found) => found);
  for (const room of reached.keys()) assert.equal(circle(room, []), undefined);
});

test("a package is loaded in the rooms that the table says, and its types are named there and in few others", () => {
  const faults = MODULES.flatMap((file) => {
    const room = roomOf(file);
    const loaded = packagesIn(file).filter((name) => !PACKAGES[name]?.includes(room));
    const named = packagesNamedIn(file).filter(
      (name) => ![PACKAGES, TYPES].some((table) => table[name]?.includes(room)),
    );
    return [...new Set([...loaded, ...named])].map((name) => `${file} imports ${name}`);
  });
  assert.deepEqual(faults, []);
});

test("the tables of packages have no row and no room too many", () => {
  const uses = (list: (file: string) => string[], name: string) =>
    new Set(MODULES.filter((file) => list(file).includes(name)).map(roomOf));
  for (const [name, rooms] of Object.entries(PACKAGES)) {
    const used = uses(packagesIn, name);
    assert.ok(used.size > 0, `${name} is loaded nowhere`);
    if (isNative(name)) assert.deepEqual([...used].sort(), [...rooms].sort(), name);
  }
  for (const [name, rooms] of Object.entries(TYPES)) {
    const named = uses(packagesNamedIn, name);
    for (const room of rooms) assert.ok(named.has(room), `${room} names no type of ${name}`);
  }
});

/** Packages with machine code, or as heavy: where they are loaded is exact. */
const isNative = (name: string) => /^(@tensorflow\/|canvas$|sharp$|h5wasm$|vega(-lite)?$|tar$|ya[uz]+l$)/.test(name);

test("every import names its module as plain text, so that these tests see it", () => {
  for (const file of MODULES) {
    const text = readFileSync(file, "utf8");
    assert.doesNotMatch(text, /\bimport\((?!")/, file);
    assert.doesNotMatch(text, /\brequire\((?!")/, file);
    assert.doesNotMatch(text, /^(import|export)\b[^"]*\sfrom\s+'/m, file);
  }
});

test("scripts run before any package is installed: they import Node's modules and files that do the same", () => {
  const programs = readdirSync("scripts").filter((file) => file.endsWith(".mjs"));
  assert.ok(programs.length > 0);
  for (const program of programs)
    for (const file of importClosure(`scripts/${program}`, namedIn))
      assert.deepEqual(/\.mjs$/.test(file) ? packagesIn(file) : [`${file} needs tsx`], [], `${program}: ${file}`);
});
